package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What socket options do to traffic, on the fast path as on the JDK's channel. */
class OptionsOnTheWireTest {
    private static final String PEER = "10.77.0.2:7002";
    private static final int[] TRAFFIC_CLASSES = {0, 0x10, 0xB8, 0xB9, 0xBA, 0xBB, 1, 2, 3, 0xE0, 255};

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trafficClassAndEcnBitsAreThoseOfTheKernel(boolean dualStack) {
        final List<String> expected = trafficClassesOf(Jvm.plain(), dualStack);
        assertThat(expected).hasSize(2 * TRAFFIC_CLASSES.length).contains("0xb8");
        assertThat(trafficClassesOf(Jvm.accelerated("va:afxdp"), dualStack)).isEqualTo(expected);
    }

    /** What the option reads back as, then what a bridge saw. */
    private static List<String> trafficClassesOf(Jvm jvm, boolean dualStack) {
        try (Wire wire = Wire.bridged().introduced()) {
            if (dualStack) {
                wire.a().run("sysctl -qw net.ipv6.conf.lo.disable_ipv6=0");
            }
            try (Capture capture = Capture.start(wire.middle(), "mva");
                Talking peer = Jvm.plain().talker(wire.b());
                Talking talker = jvm.talker(wire.a())) {
                final List<String> seen = new ArrayList<>();
                peer.ask("open " + PEER);
                talker.ask("open *:7001");
                for (final int each : TRAFFIC_CLASSES) {
                    seen.add(talker.ask("option IP_TOS " + each));
                    assertThat(talker.ask("send " + PEER + " 100")).isEqualTo("sent 1");
                    assertThat(peer.ask("receive 10000")).isEqualTo("100 bytes");
                }
                Await.until("the capture to have all", () -> capture.fields("ip.dsfield", "ip.len").size() >= TRAFFIC_CLASSES.length,
                    capture::toString);
                capture.fields("ip.dsfield", "ip.len").forEach(packet -> seen.add(packet.get(0)));
                talker.program().tell("quit");
                talker.program().succeed();
                if (talker.program().err().contains("accel: ")) {
                    final Report report = Report.of(talker.program());
                    assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(TRAFFIC_CLASSES.length);
                }
                return seen;
            }
        }
    }

    @Test
    void trafficClassChoosesTheRoute() {
        final String other = "02:00:00:00:00:22";
        try (Wire wire = Wire.bridged().introduced();
            Capture capture = Capture.start(wire.middle(), "mva");
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            wire.a().run("ip neigh replace 10.77.0.22 lladdr " + other + " dev va nud permanent");
            wire.a().run("ip route add 10.77.0.2/32 via 10.77.0.22 dev va table 100");
            wire.a().run("ip rule add tos 0x10 table 100");
            talker.ask("open 10.77.0.1:7001");
            for (final int tos : new int[] {0, 0x10, 0x13, 0xB8, 0x10, 0}) {
                talker.ask("option IP_TOS " + tos);
                talker.ask("send " + PEER + " 100");
            }
            Await.until("the capture to have all", () -> capture.fields("eth.dst", "ip.len").size() >= 6, capture::toString);
            final String usual = wire.b().mac();
            assertThat(capture.fields("eth.dst", "ip.len").stream().map(packet -> packet.get(0)))
                .containsExactly(usual, other, other, usual, other, usual);
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void broadcastsNeedTheOptionAndReachWildcards(boolean accelerated) {
        try (Wire wire = Wire.direct().introduced();
            Talking wildcard = (accelerated ? Jvm.accelerated("vb:afxdp") : Jvm.plain()).talker(wire.b());
            Talking bound = (accelerated ? Jvm.accelerated("vb:afxdp") : Jvm.plain()).talker(wire.b());
            Talking talker = (accelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain()).talker(wire.a())) {
            wire.a().run("ip route add default dev va");
            wildcard.ask("open *:7002");
            bound.ask("open 10.77.0.2:7003");
            talker.ask("open *:7001");
            for (final String to : new String[] {"10.77.0.255", "255.255.255.255"}) {
                talker.ask("option SO_BROADCAST false");
                assertThat(talker.ask("send " + to + ":7002 100")).as(to).isEqualTo("error java.net.BindException: Permission denied");
                talker.ask("option SO_BROADCAST true");
                assertThat(talker.ask("send " + to + ":7003 100")).isEqualTo("sent 1");
                assertThat(talker.ask("send " + to + ":7002 100")).isEqualTo("sent 1");
                assertThat(wildcard.ask("receive 10000")).isEqualTo("100 bytes");
                assertThat(bound.ask("receive 50")).isEqualTo("nothing");
            }
            // The fast path is as it was.
            talker.ask("send " + PEER + " 200");
            assertThat(wildcard.ask("receive 10000")).isEqualTo("200 bytes");
            if (accelerated) {
                final Report report = talker.finish();
                // Those that the kernel refused are among them.
                assertThat(report.socket().reasons()).as(report.text()).containsEntry("BROADCAST", 6L).hasSize(1);
                assertThat(report.socket().kernelTx()).as(report.text()).isEqualTo(4);
                assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(1);
                final Report at = wildcard.finish();
                assertThat(at.socket().kernelRx()).as(at.text()).isEqualTo(2);
                assertThat(at.socket().fastRx()).as(at.text()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectedChannelReceivesItsPeersDatagramsOnly(boolean accelerated) {
        try (Wire wire = Wire.direct().introduced();
            Talking held = (accelerated ? Jvm.accelerated("vb:afxdp") : Jvm.plain()).talker(wire.b());
            Talking peer = Jvm.plain().talker(wire.a());
            Talking stranger = Jvm.plain().talker(wire.a())) {
            held.ask("open *:7002");
            peer.ask("open 10.77.0.1:7001");
            stranger.ask("open 10.77.0.1:7003");
            held.ask("connect 10.77.0.1:7001");
            stranger.ask("send " + PEER + " 300 5");
            // Too long for a frame: these come by the shadow, which is connected as well.
            stranger.ask("send " + PEER + " 3000 5");
            peer.ask("burst " + PEER + " 100,3001,101");
            assertThat(held.ask("lengths 10000 3").split(",")).containsExactlyInAnyOrder("100", "3001", "101");
            assertThat(held.ask("receive 100")).isEqualTo("nothing");
            if (accelerated) {
                final Report report = held.finish();
                assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(2);
                assertThat(report.socket().kernelRx()).as(report.text()).isEqualTo(1);
            }
        }
    }
}
