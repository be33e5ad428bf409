package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./accel stackdump}, {@code explain} and {@code reap}: what is told of a process from outside, in whatever state it is. */
class StackdumpTest {
    private static final int COLUMNS = 100;
    private static final String PONG = "10.77.0.2:9000";

    private static Program tool(Host host, String line) {
        return Jvm.plain().tool(host, line);
    }

    /** What a command says, its columns and breaks as single spaces. */
    private static String told(Host host, String line) {
        final Program asked = tool(host, line).succeed();
        assertThat(asked.out().lines()).as(asked.toString()).allMatch(each -> each.length() <= COLUMNS);
        return asked.out().replaceAll("\\s+", " ");
    }

    /** Asks until it says this: a process tells its state once a second, and is not known before its first time. */
    private static void awaitTold(Host host, String line, String text) {
        Await.until("'" + text + "' from " + line, () -> {
            final Program asked = tool(host, line);
            asked.join();
            return asked.out().replaceAll("\\s+", " ").contains(text);
        });
    }

    private static Program pong(Wire wire) {
        return Jvm.plain().sample(wire.b(), "Pong --idle=600 --bind=" + PONG).awaitOut("Pong at");
    }

    private static Talking talker(Wire wire) {
        final Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a());
        talker.ask("open 10.77.0.1:7001");
        assertThat(talker.ask("roundtrips " + PONG + " 50")).contains("50");
        talker.ask("send 127.0.0.1:9 100 3");
        return talker;
    }

    @Test
    void aRunningProcessIsToldChannelByChannel() {
        try (Wire wire = Wire.direct().introduced(); Program pong = pong(wire); Talking talker = talker(wire)) {
            final long pid = talker.program().pid();
            awaitTold(wire.b(), "stackdump sockets " + pid, "10.77.0.1:7001 fast 50 50 0 3 10.77.0.1:7001 kernel: DISABLED 3");
            assertThat(told(wire.b(), "stackdump netif " + pid)).contains("process " + pid + ", alive, ", " va afxdp open ",
                " 1500 50 50", "lo DISABLED: an option turned this off; see accel.enabled and accel.interfaces");
            assertThat(told(wire.b(), "stackdump stats " + pid)).contains("udp fastReceived 50", "udp kernel DISABLED 3", "vi va sent 50");
            assertThat(told(wire.b(), "stackdump describe_stats " + pid)).doesNotContain("unknown to this version")
                .contains("udp fastSent 50: datagrams that channels sent past the kernel");
            assertThat(told(wire.b(), "stackdump options " + pid)).contains("accel.interfaces va:afxdp system property");
            assertThat(told(wire.b(), "stackdump")).containsPattern(" " + pid + " alive \\d+\\.\\d s 1 50 50 0 3 0 .*" + pid
                + ": io.accel.it.programs.Talker");
            assertThat(told(wire.b(), "explain " + pid)).contains("va by afxdp: open, generic",
                "udp 10.77.0.1:7001 receives: on the fast path, 50 fast and 0 by the kernel", "sends to " + PONG + ": by va",
                "sends to 127.0.0.1:9: by the kernel: DISABLED, an option turned this off;");
            assertThat(told(wire.b(), "stackdump lots " + pid + " --json")).contains("\"condition\" : \"alive\"", "\"fastReceived\" : 50");
            assertThat(pong.isAlive()).isTrue();
            talker.finish();
            final Program asked = tool(wire.b(), "stackdump sockets " + pid);
            assertThat(asked.join()).as("of one that took its state along: " + asked).isEqualTo(1);
            assertThat(asked.err()).contains("no process " + pid + " with Accel is known here");
        }
    }

    @Test
    void filtersRoutesNextHopsAndHeldFramesAreTold() {
        try (Wire wire = Wire.direct().introduced(); Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a());
            Talking peer = Jvm.plain().talker(wire.b())) {
            talker.ask("open 10.77.0.1:7001");
            peer.ask("open " + PONG);
            talker.ask("send " + PONG + " 100 3");
            talker.ask("send 127.0.0.1:9 100");
            final long pid = talker.program().pid();
            assertThat(peer.ask("drain 1000 3")).startsWith("3 received");
            // Nobody polls the interface: what comes stays in its ring.
            assertThat(peer.ask("send 10.77.0.1:7001 100 7")).isEqualTo("sent 7");
            awaitTold(wire.b(), "stackdump packets " + pid, "va frames that wait for a poll 7");
            assertThat(told(wire.b(), "stackdump packets " + pid)).contains("va descriptors of each ring 2048")
                .containsPattern("va buffers that wait for frames [1-9]\\d*");
            assertThat(told(wire.b(), "stackdump netif " + pid)).contains("va rings: rx 7, posted ");
            assertThat(told(wire.b(), "stackdump filters " + pid)).contains("va 10.77.0.1:7001 steal 10.77.0.1:7001");
            assertThat(told(wire.b(), "stackdump routes " + pid)).contains("10.77.0.1:7001 " + PONG + " va 10.77.0.2 10.77.0.1 1500",
                "10.77.0.1:7001 127.0.0.1:9 DISABLED 127.0.0.1 ");
            assertThat(told(wire.b(), "stackdump neighbours " + pid)).contains("va 10.77.0.2 " + wire.b().mac() + " permanent");
            assertThat(told(wire.b(), "stackdump --json sockets " + pid)).contains("\"levels\"", "\"filters\"", "\"threads\"");
            assertThat(talker.ask("drain 1000 7")).isEqualTo("7 received, 0 damaged");
            awaitTold(wire.b(), "stackdump packets " + pid, "va frames that wait for a poll 0");
        }
    }

    @ParameterizedTest
    @CsvSource({"select, selector", "blocking, blocking receive"})
    void aThreadThatWaitsIsToldAsleep(String mode, String purpose) {
        try (Wire wire = Wire.direct().introduced();
            Program pong = Jvm.accelerated("vb:afxdp").sample(wire.b(), "Pong --mode=" + mode + " --bind=" + PONG).awaitOut("Pong at")) {
            awaitTold(wire.b(), "stackdump threads " + pong.pid(), "main " + purpose + " sleeps");
        }
    }

    @Test
    void whatIsClearedCountsFromThenOn() {
        try (Wire wire = Wire.direct().introduced(); Program pong = pong(wire); Talking talker = talker(wire)) {
            final long pid = talker.program().pid();
            final String stats = "stackdump stats " + pid;
            awaitTold(wire.b(), stats, "udp fastReceived 50");
            assertThat(tool(wire.b(), "stackdump clear " + pid).succeed().out()).contains("stats counts from now on for 1 process.");
            assertThat(talker.ask("roundtrips " + PONG + " 7")).contains("7");
            awaitTold(wire.b(), stats, "udp fastReceived 7 ");
            assertThat(tool(wire.b(), stats).succeed().out().replaceAll("\\s+", " "))
                .contains("udp fastReceived 7 ", "udp kernel DISABLED 0 ", "vi va sent 7 ");
            assertThat(pong.isAlive()).isTrue();
        }
    }

    @Test
    @Tag("slow")
    void aHangingAndADeadOneAreToldAsTheyLastWere() {
        try (Wire wire = Wire.direct().introduced(); Program pong = pong(wire); Talking talker = talker(wire)) {
            final long pid = talker.program().pid();
            final String counts = "10.77.0.1:7001 fast 50 50 0 3";
            awaitTold(wire.b(), "stackdump sockets " + pid, counts);
            wire.a().run("kill -STOP " + pid);
            awaitTold(wire.b(), "stackdump sockets " + pid, "process " + pid + ", hangs, told 1");
            assertThat(told(wire.b(), "stackdump sockets " + pid)).contains(counts);
            talker.program().kill();
            assertThat(told(wire.b(), "stackdump sockets " + pid)).contains("process " + pid + ", dead, told ", counts);
            assertThat(told(wire.b(), "explain " + pid)).contains("process " + pid + ", dead: ", "sends to " + PONG + ": by va");
            assertThat(told(wire.b(), "reap")).startsWith("Reaped ");
            assertThat(tool(wire.b(), "explain " + pid).join()).isEqualTo(1);
            assertThat(pong.isAlive()).isTrue();
        }
    }

    @Test
    void aUserIsToldOfHisOwnProcessesAndRootOfAll() {
        try (Wire wire = Wire.direct(); Talking ofRoot = Jvm.accelerated("lo:shm").talker(wire.a());
            Talking ofNobody = Jvm.accelerated("lo:shm").byNobody().talker(wire.a())) {
            ofRoot.ask("open 127.0.0.1:7001");
            ofNobody.ask("open 127.0.0.1:7002");
            final String root = " " + ofRoot.program().pid() + ": ";
            final String nobody = " " + ofNobody.program().pid() + ": ";
            awaitTold(wire.b(), "stackdump", root);
            awaitTold(wire.b(), "stackdump", nobody);
            final Program asked = Jvm.plain().byNobody().tool(wire.b(), "stackdump").succeed();
            assertThat(asked.out()).contains(nobody).doesNotContain(root);
        }
    }

    @Test
    void aWrongWordIsAnsweredWithTheNearest() {
        try (Wire wire = Wire.direct()) {
            final Program view = tool(wire.a(), "stackdump sokets");
            assertThat(view.join()).isEqualTo(2);
            assertThat(view.err()).contains("'sokets' is no view; did you mean sockets?");
            final Program cleared = tool(wire.a(), "stackdump claer");
            assertThat(cleared.join()).isEqualTo(2);
            assertThat(cleared.err()).contains("did you mean clear?");
            final Program option = tool(wire.a(), "explain --jsn");
            assertThat(option.join()).isEqualTo(2);
            assertThat(option.err()).contains("--json");
            final Program pid = tool(wire.a(), "explain all");
            assertThat(pid.join()).isEqualTo(2);
        }
    }
}
