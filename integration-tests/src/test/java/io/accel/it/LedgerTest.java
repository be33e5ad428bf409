package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Frames;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.HostileFrames;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./accel stackdump ledger}: all that arrived was delivered, waits, or was dropped under a cause. */
@Tag("slow")
class LedgerTest {
    private static final String PORT = "10.77.0.2:7002";
    private static final int GOOD = 1_000_000;
    private static final int BAD_BATCHES = 10;
    private static final int BAD = 1_000;
    private static final String BALANCED = "unattributed 0\n";

    private static String ledger(Host host, Talking of) {
        return Jvm.plain().tool(host, "stackdump ledger " + of.program().pid()).succeed().out();
    }

    /** When the traffic rests; what it says then. What was told up to a second ago must not match: it may be from before the traffic. */
    private static String balanced(Host host, Talking of, String pattern) {
        final Pattern sought = Pattern.compile(pattern);
        Await.until("'" + pattern + "' in the ledger", () -> sought.matcher(ledger(host, of).replaceAll(" +", " ")).find(),
            () -> ledger(host, of));
        final String told = ledger(host, of);
        assertThat(told).endsWith(BALANCED);
        return told.replaceAll(" +", " ");
    }

    /** As lines for the native tool, made beforehand: the reader ends when nothing comes for a while. */
    private static List<String> badFrames(Wire wire) {
        final HostileFrames frames = new HostileFrames(wire, 7002);
        final Random random = new Random(1);
        return Stream.generate(() -> frames.mutations(random, BAD).stream().map(Frames::line).collect(Collectors.joining()))
            .limit(BAD_BATCHES).toList();
    }

    @Test
    void overAMillionGoodAndBadFramesASlowReaderAFullRingAndAKilledPeer() {
        try (Wire wire = Wire.direct().introduced();
            Talking receiver = Jvm.accelerated("vb:afxdp,lo:shm").talker(wire.b());
            Talking remote = Jvm.plain().talker(wire.a());
            Talking local = Jvm.accelerated("lo:shm").talker(wire.b())) {
            receiver.ask("open *:7002");
            receiver.program().awaitErr("vb is accelerated");
            remote.ask("open 10.77.0.1:7001");
            local.ask("open 10.77.0.2:7003");
            final List<String> bad = badFrames(wire);
            final String inject = NativeTool.wire() + " inject va";
            receiver.program().tell("drain 5000");
            wire.a().feed(bad.get(0), inject);
            remote.program().tell("send " + PORT + " 100 " + GOOD);
            bad.forEach(each -> wire.a().feed(each, inject));
            assertThat(remote.answer()).isEqualTo("sent " + GOOD);
            assertThat(receiver.answer()).as("some bad frames are good to the kernel too").contains(" received, ");
            final String busy = balanced(wire.b(), receiver, "interface vb ");
            assertThat(busy).contains("stack BAD_UDP_CHECKSUM ", "stack BAD_IP_CHECKSUM ");

            assertThat(local.ask("send " + PORT + " 100 200000")).isEqualTo("sent 200000");
            local.program().tell("send " + PORT + " 100 100000000");
            local.program().kill();
            assertThat(receiver.ask("drain 300 1000")).startsWith("1000 received, 0 damaged");
            balanced(wire.b(), receiver, " [1-9]\\d* 0\n closed channels 0 0 0 0 0\n");
            assertThat(receiver.ask("drain 2000")).endsWith(" received, 0 damaged");
            final String drained = balanced(wire.b(), receiver, " 0 0\n closed channels 0 0 0 0 0\n");
            assertThat(drained).contains("virtual interface RECEIVER_RING_FULL ");

            remote.ask("send " + PORT + " 100 10");
            receiver.ask("close");
            final String closed = balanced(wire.b(), receiver, "channel UNREAD 10: ");
            assertThat(closed).contains("virtual interface RECEIVER_RING_FULL ").doesNotContain("0.0.0.0:7002");
        }
    }
}
