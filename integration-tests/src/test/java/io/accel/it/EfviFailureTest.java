package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.SimulatedNic;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a NIC while programs use it: they go on by the kernel, which says why, and come back to the fast path. */
class EfviFailureTest {
    private static final String ECHO = "10.77.0.2:7002";
    private static final String AT_ONCE = "va is accelerated";

    private static Talking talker(Wire wire, String environment) {
        return SimulatedNic.under("va:efvi", environment).talker(wire.a());
    }

    private static Program echo(Wire wire) {
        return Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
    }

    /** The frame with which the NIC is reset, or the queue overflows, is lost with it, and no other. */
    @ParameterizedTest
    @CsvSource({"7000,reset", "x2,reset", "x3,reset", "7000,overflow", "x2,overflow", "x3,overflow"})
    void aFailedViIsRebuiltAtOnceAndTheFilterInstalledAgain(String nic, String fault) {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire);
            Talking talker = talker(wire, "SIM_NIC=" + nic + " SIM_FAULTS=" + fault + "@100")) {
            talker.ask("open 10.77.0.1:7001");
            assertThat(talker.ask("roundtrips " + ECHO + " 99")).isEqualTo("99 answered");
            assertThat(talker.ask("roundtrips " + ECHO + " 50")).isEqualTo("49 answered");
            talker.program().awaitErr(AT_ONCE, 2);
            assertThat(talker.ask("roundtrips " + ECHO + " 20")).isEqualTo("20 answered");
            final Report report = talker.finish();
            assertThat(report.vi().failures()).as(report.text()).containsExactly(Map.entry("VI_FAILED", 1L));
            assertThat(report.socket().fastRx() + report.socket().kernelRx()).as(report.text()).isEqualTo(99 + 49 + 20);
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(99 + 20);
            assertThat(report.socket().reasons().keySet()).as(report.text()).isSubsetOf("VI_FAILED");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    /** Once at once, then once a second: the first attempts are refused. */
    @Test
    void whileTheNicCannotBeOpenedAgainTheKernelCarriesTheTraffic() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire);
            Talking talker = talker(wire, "SIM_FAULTS=reset@100,vi=EBUSY@3-5")) {
            talker.ask("open 10.77.0.1:7001");
            assertThat(talker.ask("roundtrips " + ECHO + " 100")).isEqualTo("99 answered");
            talker.program().awaitErr("va is not accelerated: QUEUE_TAKEN");
            assertThat(talker.ask("roundtrips " + ECHO + " 30")).isEqualTo("30 answered");
            talker.program().awaitErr(AT_ONCE, 2);
            awaitFilter(wire.a(), () -> assertThat(talker.ask("roundtrips " + ECHO + " 1")).isEqualTo("1 answered"));
            // The simulator's tap and its program are two hooks: what came while the filter was installed may have come by both.
            talker.ask("drain 300");
            final long before = heardByKernel(wire.a());
            assertThat(talker.ask("roundtrips " + ECHO + " 40")).isEqualTo("40 answered");
            assertThat(heardByKernel(wire.a())).isEqualTo(before);
            final Report report = talker.finish();
            assertThat(report.socket().kernelTx()).as(report.text()).isEqualTo(30);
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThan(99 + 40);
            // Sent and received; the first answers that come again may be faster than their filter.
            assertThat(report.socket().reasons().get("QUEUE_TAKEN")).as(report.text()).isGreaterThanOrEqualTo(60);
            assertThat(report.vi().failures()).as(report.text()).containsExactly(Map.entry("VI_FAILED", 1L));
            StartTroubleTest.assertToldOnce(talker, "va is not accelerated: QUEUE_TAKEN");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    /** A selector and a blocked reader that sleep in an epoll with the VI's descriptor hear of the VI after it too. */
    @ParameterizedTest
    @ValueSource(strings = {"select", "blocking"})
    void sleepersAreWokenByTheViThatComesAfter(String mode) {
        try (Wire wire = Wire.direct().introduced();
            Program pong = SimulatedNic.under("vb:efvi", "SIM_FAULTS=reset@100").option("-Daccel.spin.micros=0")
                .sample(wire.b(), "Pong --bind=10.77.0.2:9000 --mode=" + mode).awaitOut("Pong at");
            Talking peer = Jvm.plain().talker(wire.a())) {
            peer.ask("open 10.77.0.1:7001");
            assertThat(answered(peer, 99)).isEqualTo(99);
            // The NIC is reset with this one.
            assertThat(answered(peer, 1)).isZero();
            pong.awaitErr("vb is accelerated", 2);
            // The simulator's tap and its program are two hooks: what came while the filter was installed may have come by both.
            assertThat(answered(peer, 50)).isBetween(50, 51);
            assertThat(answered(peer, 49)).isEqualTo(49);
            pong.terminate();
            final Report report = Report.of(pong);
            assertThat(report.vi().failures()).as(report.text()).containsExactly(Map.entry("VI_FAILED", 1L));
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(99 + 49);
        }
    }

    /** Answers in time and late ones, as on a host that is busy: how many came, not when. */
    private static int answered(Talking peer, int count) {
        return Integer.parseInt(peer.ask("roundtrips 10.77.0.2:9000 " + count).split(" ")[0])
            + Integer.parseInt(peer.ask("drain 1500").split(" ")[0]);
    }

    /** Tried again each second, and told once. */
    @Test
    void withoutAFilterTheKernelReceivesAndSaysWhy() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire);
            Talking talker = talker(wire, "SIM_FAULTS=filter=ENOSPC")) {
            talker.ask("open 10.77.0.1:7001");
            assertThat(talker.ask("roundtrips " + ECHO + " 20")).isEqualTo("20 answered");
            assertThat(talker.ask("drain 2200")).isEqualTo("0 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(20);
            assertThat(report.socket().kernelRx()).as(report.text()).isEqualTo(20);
            assertThat(report.socket().reasons()).as(report.text()).containsExactly(Map.entry("FILTER_TABLE_FULL", 20L));
            StartTroubleTest.assertToldOnce(talker, "gets no filter on va");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void theLinkGoesDownAndComesBack() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire);
            Talking talker = talker(wire, "SIM_NIC=x2")) {
            talker.ask("open 10.77.0.1:7001");
            assertThat(talker.ask("roundtrips " + ECHO + " 20")).isEqualTo("20 answered");
            // The peer's end: the route stays, and the kernel drops what it cannot send.
            wire.b().run("ip link set vb down");
            talker.program().awaitErr("until it is opened again: INTERFACE_DOWN");
            talker.ask("send " + ECHO + " 100 5");
            wire.b().run("ip link set vb up");
            wire.introduced();
            talker.program().awaitErr(AT_ONCE, 2);
            talker.ask("drain 300");
            assertThat(talker.ask("roundtrips " + ECHO + " 20")).isEqualTo("20 answered");
            // Our own: there is no route, and the kernel says so.
            wire.a().run("ip link set va down");
            Await.until("no route", () -> talker.ask("send " + ECHO + " 100").contains("Network is unreachable"));
            wire.a().run("ip link set va up");
            wire.introduced();
            talker.program().awaitErr(AT_ONCE, 3);
            talker.ask("drain 300");
            assertThat(talker.ask("roundtrips " + ECHO + " 20")).isEqualTo("20 answered");
            final Report report = talker.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(60);
            assertThat(report.socket().reasons()).as(report.text()).containsEntry("INTERFACE_DOWN", 5L);
            assertThat(report.vi().failures()).as(report.text()).containsExactly(Map.entry("INTERFACE_DOWN", 2L));
            assertThat(echo.isAlive()).isTrue();
        }
    }

    /** A filter for each address of the interface, which comes and goes with it. */
    @ParameterizedTest
    @ValueSource(strings = {"x2", "x3"})
    void aWildcardSocketsFiltersFollowTheAddresses(String nic) {
        try (Wire wire = Wire.direct().introduced();
            Talking talker = talker(wire, "SIM_NIC=" + nic);
            Talking peer = Jvm.plain().talker(wire.b())) {
            talker.ask("open *:7001");
            peer.ask("open 10.77.0.2:7002");
            hear(talker, peer, "10.77.0.1", 20);
            for (int i = 0; i < 3; i++) {
                wire.a().run("ip addr add 10.77.0.5/24 dev va");
                wire.b().run("ip neigh replace 10.77.0.5 lladdr " + wire.a().mac() + " dev vb nud permanent");
                awaitFilter(wire.a(), () -> hear(talker, peer, "10.77.0.5", 1));
                final long before = heardByKernel(wire.a());
                hear(talker, peer, "10.77.0.5", 50);
                hear(talker, peer, "10.77.0.1", 50);
                assertThat(heardByKernel(wire.a())).isEqualTo(before);
                wire.a().run("ip addr del 10.77.0.5/24 dev va");
                peer.ask("send 10.77.0.5:7001 100 5");
                hear(talker, peer, "10.77.0.1", 20);
            }
            final Report report = talker.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(3 * 120 + 20);
            assertThat(report.vi().failures()).as(report.text()).isEmpty();
        }
    }

    private static void hear(Talking talker, Talking peer, String address, int count) {
        assertThat(peer.ask("send " + address + ":7001 100 " + count)).isEqualTo("sent " + count);
        assertThat(talker.ask("drain 10000 " + count)).isEqualTo(count + " received, 0 damaged");
    }

    /** Until the kernel hears nothing of it. */
    private static void awaitFilter(Host host, Runnable traffic) {
        Await.until("a filter", () -> {
            final long before = heardByKernel(host);
            traffic.run();
            return heardByKernel(host) == before;
        });
    }

    /** UDP datagrams that the host's kernel has handed to sockets. */
    private static long heardByKernel(Host host) {
        final String[] udp = host.run("grep Udp: /proc/net/snmp").split("\n")[1].split(" ");
        return Long.parseLong(udp[1]);
    }
}
