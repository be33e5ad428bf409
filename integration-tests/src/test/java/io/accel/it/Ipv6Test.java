package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Frames;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IPv6 over the wire and within a host, between accelerated programs and with the kernel's sockets at the other end. */
class Ipv6Test {
    private static final String A = "[fd00:77::1]";
    private static final String B = "[fd00:77::2]";
    private static final int ROUND_TRIPS = 5_000;

    private static Wire wire() {
        return Wire.direct().withIpv6().introducedOverIpv6();
    }

    private static void sends(Talking from, String to, int size, Talking receiver) {
        assertThat(from.ask("send " + to + " " + size)).isEqualTo("sent 1");
        assertThat(receiver.ask("receive 10000")).isEqualTo(size + " bytes");
    }

    private static void thereAndBack(Talking left, String to, Talking right, int size) {
        sends(left, to, size, right);
        assertThat(right.ask("reply " + size)).isEqualTo("sent 1");
        assertThat(left.ask("receive 10000")).isEqualTo(size + " bytes");
    }

    private static void assertAllFast(Report report, long sent, long received) {
        assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(sent);
        assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(received);
        assertThat(report.socket().reasons()).as(report.text()).isEmpty();
        assertThat(report.socket().drops()).as(report.text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void pingPongLosesNothing(boolean pingIsAccelerated, boolean pongIsAccelerated) {
        final Jvm left = pingIsAccelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain();
        final Jvm right = pongIsAccelerated ? Jvm.accelerated("vb:afxdp") : Jvm.plain();
        try (Wire wire = wire();
            Program pong = right.sample(wire.b(), "Pong --bind=" + B + ":9000 --mode=select").awaitOut("Pong at");
            Program ping = left.sample(wire.a(), "Ping --bind=" + A + ":0 --to=" + B + ":9000 --timeout=5000 --mode=select --warmup=1000"
                + " --count=" + ROUND_TRIPS)) {
            ping.succeed();
            pong.succeed();
            assertThat(ping.out()).contains(ROUND_TRIPS + " messages,", " 0 lost, 0 corrupt, 0 late");
            for (final Program each : pingIsAccelerated && pongIsAccelerated ? List.of(ping, pong)
                : List.of(pingIsAccelerated ? ping : pong)) {
                final Report report = Report.of(each);
                assertThat(report.socket().reasons()).as(report.text()).isEmpty();
                assertThat(report.socket().fastTx()).isGreaterThan(ROUND_TRIPS);
                assertThat(report.socket().fastRx()).isGreaterThan(ROUND_TRIPS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everySizeArrivesIntact(boolean peerIsAccelerated) {
        final int[] fast = {0, 1, 2, 17, 18, 63, 64, 65, 511, 1400, 1451, 1452};
        final int[] tooLong = {1453, 8972, 65_507, 65_527};
        try (Wire wire = wire();
            Talking left = Jvm.accelerated("va:afxdp").talker(wire.a());
            Talking right = (peerIsAccelerated ? Jvm.accelerated("vb:afxdp") : Jvm.plain()).talker(wire.b())) {
            left.ask("open " + A + ":7001");
            right.ask("open " + B + ":7002");
            for (final int size : fast) {
                thereAndBack(left, B + ":7002", right, size);
            }
            for (final int size : tooLong) {
                thereAndBack(left, B + ":7002", right, size);
            }
            final Report report = left.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(fast.length);
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(fast.length);
            assertThat(report.socket().reasons()).as(report.text()).containsEntry("EXCEEDS_MTU", (long) tooLong.length)
                .containsEntry("KERNEL_SENDER", (long) tooLong.length).hasSize(2);
        }
    }

    /** Header fields, addresses and checksums, as a bridge sees them: those of a JDK's channel. */
    @Test
    void whatLeavesIsWhatTheJdkSends() {
        final int[] sizes = {0, 1, 2, 17, 64, 65, 1451, 1452};
        final List<List<String>> expected = packetsOf(Jvm.plain(), sizes, false);
        assertThat(expected).hasSize(2 * sizes.length);
        assertThat(packetsOf(Jvm.accelerated("va:afxdp"), sizes, true)).isEqualTo(expected);
    }

    private static List<List<String>> packetsOf(Jvm jvm, int[] sizes, boolean accelerated) {
        try (Wire wire = Wire.bridged().withIpv6().introducedOverIpv6();
            Capture capture = Capture.start(wire.middle(), "mva");
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = jvm.talker(wire.a())) {
            wire.a().run("sysctl -qw net.ipv6.conf.va.hop_limit=33");
            peer.ask("open " + B + ":7002");
            // Bound to the wildcard: the source address is chosen as well.
            talker.ask("open *:7001");
            for (final int size : sizes) {
                sends(talker, B + ":7002", size, peer);
            }
            assertThat(talker.ask("option IP_TOS 184")).isEqualTo("IP_TOS=184");
            for (final int size : sizes) {
                sends(talker, B + ":7002", size, peer);
            }
            if (accelerated) {
                assertAllFast(talker.finish(), 2L * sizes.length, 0);
            }
            Await.until("the capture to have all", () -> capture.fields("udp.srcport", "udp.length").size() >= 2 * sizes.length,
                capture::toString);
            if (accelerated) {
                assertThat(capture.fields("udp.checksum.status", "_ws.malformed", "_ws.expert.message")).as("what tshark finds")
                    .allMatch(packet -> packet.equals(List.of("1", "", "")));
            }
            final Set<String> labels = capture.fields("ipv6.flow", "udp.length").stream().map(packet -> packet.get(0))
                .collect(Collectors.toSet());
            assertThat(labels).as("one flow label").hasSize(1);
            assertThat(Long.decode(labels.iterator().next())).isNotZero();
            return capture.fields("ipv6.src", "ipv6.dst", "ipv6.tclass", "ipv6.hlim", "ipv6.nxt", "ipv6.plen", "udp.srcport", "udp.dstport",
                "udp.length", "data.data");
        }
    }

    @Test
    void theKernelDiscoversTheNeighbourWhileTheFirstDatagramGoesByIt() {
        try (Wire wire = Wire.direct().withIpv6();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            peer.ask("open " + B + ":7002");
            talker.ask("open " + A + ":7001");
            assertThat(wire.a().run("ip -6 neigh show dev va")).doesNotContain("fd00:77::2");
            thereAndBack(talker, B + ":7002", peer, 100);
            Await.until("the neighbour", () -> wire.a().run("ip -6 neigh show dev va").contains("fd00:77::2 lladdr"));
            // An event announces it; from then on nothing needs the kernel.
            for (int i = 0; i < 20; i++) {
                thereAndBack(talker, B + ":7002", peer, 100);
            }
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isGreaterThanOrEqualTo(19);
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(21);
            assertThat(report.socket().reasons()).as(report.text()).containsOnlyKeys("NEIGHBOUR_UNRESOLVED");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPathMtuLearnedFromARouterCountsWithinASecond(boolean accelerated) {
        final String peerAddress = "[fd00:78::2]:7002";
        try (Wire wire = Wire.routed().withIpv6().introducedOverIpv6();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = (accelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain()).talker(wire.a())) {
            wire.middle().run("ip link set mvb mtu 1280");
            peer.ask("open " + peerAddress);
            talker.ask("open " + A + ":7001");
            sends(talker, peerAddress, 1232, peer);
            assertThat(talker.ask("send " + peerAddress + " 1400")).isEqualTo("sent 1");
            Await.until("the kernel to hear of the MTU", () -> wire.a().run("ip -6 route get fd00:78::2").contains("mtu 1280"));
            final long learned = System.nanoTime();
            Await.until("a long datagram to arrive", () -> {
                talker.ask("send " + peerAddress + " 1400");
                return peer.ask("receive 20").equals("1400 bytes");
            });
            // The stated second, and what processes that answer in words take.
            assertThat(System.nanoTime() - learned).isLessThan(1_500_000_000L);
            talker.ask("send " + peerAddress + " 1232 5");
            assertThat(peer.ask("drain 5000 5")).isEqualTo("5 received, 0 damaged");
            if (accelerated) {
                final Report report = talker.finish();
                assertThat(report.socket().reasons()).as(report.text()).containsOnlyKeys("EXCEEDS_MTU");
                assertThat(report.socket().fastTx()).as(report.text()).isGreaterThanOrEqualTo(7);
            }
        }
    }

    @Test
    void linkLocalAddressesCarryTheirScope() {
        try (Wire wire = wire();
            Talking left = Jvm.accelerated("va:afxdp").talker(wire.a());
            Talking right = Jvm.accelerated("vb:afxdp").talker(wire.b());
            Talking kernel = Jvm.plain().talker(wire.b())) {
            final String va = wire.a().run("cat /sys/class/net/va/ifindex");
            left.ask("open *:7001");
            right.ask("open [fe80::2%vb]:7002");
            kernel.ask("open [fe80::2%vb]:7003");
            thereAndBack(left, "[fe80::2%va]:7002", right, 100);
            assertThat(left.ask("from")).isEqualTo("from /[fe80:0:0:0:0:0:0:2%" + va + "]:7002");
            thereAndBack(left, "[fe80::2%va]:7003", kernel, 200);
            assertThat(left.ask("from")).isEqualTo("from /[fe80:0:0:0:0:0:0:2%" + va + "]:7003");
            // Connected, the kernel ties the socket to the device; disconnected by nothing but a new one here.
            assertThat(left.ask("connect [fe80::2%va]:7002")).startsWith("connected to");
            thereAndBack(left, "[fe80::2%va]:7002", right, 300);
            assertAllFast(left.finish(), 3, 3);
            assertAllFast(right.finish(), 2, 2);
        }
    }

    @Test
    void oneDualStackChannelServesBothVersions() {
        try (Wire wire = wire().introduced();
            Talking held = Jvm.accelerated("va:afxdp").talker(wire.a());
            Talking four = Jvm.plain().talker(wire.b());
            Talking six = Jvm.plain().talker(wire.b())) {
            held.ask("open *:7001");
            held.program().awaitErr("va is accelerated");
            four.ask("open 10.77.0.2:7002");
            six.ask("open " + B + ":7002");
            for (int i = 0; i < 10; i++) {
                thereAndBack(four, "10.77.0.1:7001", held, 100 + i);
                assertThat(held.ask("from")).isEqualTo("from /10.77.0.2:7002");
                thereAndBack(six, A + ":7001", held, 200 + i);
                assertThat(held.ask("from")).isEqualTo("from /[fd00:77:0:0:0:0:0:2]:7002");
            }
            assertAllFast(held.finish(), 20, 20);
        }
    }

    @Test
    void aConnectedChannelHearsItsPeerOnly() {
        try (Wire wire = wire();
            Talking held = Jvm.accelerated("va:afxdp").talker(wire.a());
            Talking peer = Jvm.plain().talker(wire.b());
            Talking other = Jvm.plain().talker(wire.b())) {
            peer.ask("open " + B + ":7002");
            other.ask("open " + B + ":7003");
            held.ask("open *:7001");
            assertThat(held.ask("connect " + B + ":7002")).startsWith("connected to");
            assertThat(other.ask("send " + A + ":7001 77")).isEqualTo("sent 1");
            for (int i = 0; i < 5; i++) {
                thereAndBack(peer, A + ":7001", held, 100);
            }
            assertAllFast(held.finish(), 5, 5);
        }
    }

    @Test
    void oddFramesAreTheKernelsOrAreCounted() {
        try (Wire wire = wire(); Talking held = Jvm.accelerated("vb:afxdp").talker(wire.b())) {
            held.ask("open *:7002");
            held.program().awaitErr("vb is accelerated");
            final StringBuilder frames = new StringBuilder();
            final int destinationOptions = 60;
            frames.append(Frames.line(Frames.udp6(wire.a(), 7001, wire.b(), 7002, Frames.pattern(100), destinationOptions)));
            final byte[] unsummed = Frames.udp6(wire.a(), 7001, wire.b(), 7002, Frames.pattern(50), 0);
            unsummed[60] = unsummed[61] = 0;
            frames.append(Frames.line(unsummed));
            final byte[] damaged = Frames.udp6(wire.a(), 7001, wire.b(), 7002, Frames.pattern(51), 0);
            damaged[80]++;
            frames.append(Frames.line(damaged));
            frames.append(Frames.line(Frames.udp6(wire.a(), 7001, wire.b(), 7002, Frames.pattern(200), 0)));
            assertThat(wire.a().feed(frames.toString(), NativeTool.wire() + " inject va")).contains("4 frames");
            assertThat(Set.of(held.ask("receive 10000"), held.ask("receive 10000"))).isEqualTo(Set.of("100 bytes", "200 bytes"));
            assertThat(held.ask("receive 200")).isEqualTo("nothing");
            final Report report = held.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(1);
            assertThat(report.socket().kernelRx()).as(report.text()).isEqualTo(1);
            assertThat(report.vi().drops()).as(report.text()).containsEntry("NO_UDP_CHECKSUM", 1L).containsEntry("BAD_UDP_CHECKSUM", 1L)
                .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]", A, "[fe80::1%va]", "10.77.0.1"})
    void withinAHostAnyOfItsAddressesGoesThroughSharedMemory(String address) {
        try (Wire wire = wire();
            Talking one = Jvm.accelerated("lo:shm").talker(wire.a());
            Talking other = Jvm.accelerated("lo:shm").talker(wire.a())) {
            one.ask("open *:7001");
            other.ask("open " + address + ":7002");
            for (final int size : new int[] {0, 1, 1452, 1453, 65_507}) {
                thereAndBack(one, address + ":7002", other, size);
                final String sender = one.ask("from");
                thereAndBack(other, address + ":7001", one, size);
                assertThat(other.ask("from")).isEqualTo(sender.replace(":7002", ":7001"));
            }
            assertAllFast(one.finish(), 10, 10);
            assertAllFast(other.finish(), 10, 10);
        }
    }

    @Test
    void rulesForIpv6LeaveIpv6ToTheKernelAndIpv4OnTheFastPath() {
        try (Wire wire = wire().introduced();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking held = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            wire.a().feed("table ip6 filter { chain c { type filter hook output priority 0; udp dport 9 drop\n }\n}\n", "nft -f -");
            peer.ask("open *:7002");
            held.ask("open *:7001");
            thereAndBack(held, B + ":7002", peer, 100);
            thereAndBack(held, "10.77.0.2:7002", peer, 100);
            final Report report = held.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(1);
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(1);
            assertThat(report.socket().reasons()).as(report.text()).containsEntry("FIREWALL", 1L);
        }
    }
}
