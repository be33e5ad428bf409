package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.JavaHomes;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.SimulatedNic;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams about as long as the path MTU and longer: what leaves, what is refused, what arrives; each as on the JDK's channel. */
class BeyondTheMtuTest {
    private static final String PEER = "10.77.0.2:7002";
    private static final String FAR_PEER = "10.77.1.2:7002";
    private static final String[] WAYS = {"send", "write", "gather", "adaptor"};

    @Test
    void whatFitsLeavesWithDfAndTheRestAsFragmentsWithoutIt() {
        final int[] sizes = {1, 1471, 1472, 1473, 2952, 2953, 9000, 65_507};
        final int packets = 3 + 2 + 2 + 3 + 7 + 45;
        final List<List<String>> expected = packetsOf(Jvm.plain(), 1500, sizes, packets, 0);
        assertThat(expected).hasSize(packets);
        assertThat(packetsOf(Jvm.accelerated("va:afxdp"), 1500, sizes, packets, 3)).isEqualTo(expected);
    }

    @Test
    void whatFitsTheMtuButNoPacketBufferLeavesWhole() {
        final int[] sizes = {2006, 2007, 8972, 8973};
        final int packets = 3 + 2;
        final List<List<String>> expected = packetsOf(Jvm.plain(), 9000, sizes, packets, 0);
        assertThat(expected).hasSize(packets);
        assertThat(packetsOf(Jvm.accelerated("va:afxdp"), 9000, sizes, packets, 1)).isEqualTo(expected);
    }

    /** A frame of several buffers, where the NIC takes it. */
    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2"})
    void whatFitsTheMtuLeavesByANicInWhateverNumberOfPacketBuffers(String nic) {
        final int[] sizes = {2006, 2007, 4054, 4055, 8972, 8973};
        final int packets = 5 + 2;
        final List<List<String>> expected = packetsOf(Jvm.plain(), 9000, sizes, packets, 0);
        assertThat(expected).hasSize(packets);
        assertThat(packetsOf(SimulatedNic.under("va:efvi", "SIM_NIC=" + nic), 9000, sizes, packets, 5)).isEqualTo(expected);
    }

    /** EFCT sends frames of 1982 bytes at most. */
    @Test
    void whatTheNicCannotSendLeavesByTheKernelWhichSaysWhy() {
        try (Wire wire = Wire.direct().withMtu(9000).introduced();
            Talking talker = SimulatedNic.under("va:efvi", "SIM_NIC=x3").talker(wire.a());
            Talking peer = Jvm.plain().talker(wire.b())) {
            talker.ask("open 10.77.0.1:7001");
            peer.ask("open " + PEER);
            assertThat(talker.ask("burst " + PEER + " 100,1940,1941,8972")).isEqualTo("sent 4");
            assertThat(peer.ask("lengths 10000 4")).isEqualTo("100,1940,1941,8972");
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(2);
            assertThat(report.socket().reasons()).as(report.text()).containsEntry("EXCEEDS_MTU", 2L);
        }
    }

    /** DF, MF, fragment offset and length of what a JVM sends, as a bridge sees it. @param fast how many take the fast path */
    private static List<List<String>> packetsOf(Jvm jvm, int mtu, int[] sizes, int packets, int fast) {
        try (Wire wire = Wire.bridged().withMtu(mtu).introduced();
            Capture capture = Capture.start(wire.middle(), "mva");
            Program echo = echo(wire.b());
            Talking talker = jvm.talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            for (final int size : sizes) {
                assertThat(talker.ask("send " + PEER + " " + size)).isEqualTo("sent 1");
                assertThat(talker.ask("receive 10000")).isEqualTo(size + " bytes");
            }
            assertThat(talker.ask("send " + PEER + " 65508")).isEqualTo("error java.net.SocketException: Message too long");
            if (fast > 0) {
                final Report report = talker.finish();
                assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(fast);
                // With the one that the kernel refused.
                assertThat(report.socket().reasons()).as(report.text()).containsEntry("EXCEEDS_MTU", (long) sizes.length - fast + 1);
            }
            assertThat(echo.isAlive()).isTrue();
            // The echo's answer to the last is the last that passes.
            Await.until("the capture to have all", () -> packets(capture, "10.77.0.2").size() >= packets, capture::toString);
            return packets(capture, "10.77.0.1");
        }
    }

    private static List<List<String>> packets(Capture capture, String source) {
        return capture.fields("ip.src", "ip.flags.df", "ip.flags.mf", "ip.frag_offset", "ip.len").stream()
            .filter(packet -> packet.get(0).equals(source)).toList();
    }

    @Test
    void aLongDatagramDoesNotOvertakeThoseSentBeforeIt() {
        final StringBuilder lengths = new StringBuilder("100");
        final List<Integer> sent = new ArrayList<>(List.of(100));
        for (int i = 1; i < 400; i++) {
            final int length = i % 40 == 39 ? 3000 + i : 100 + i;
            lengths.append(',').append(length);
            sent.add(length);
        }
        try (Wire wire = Wire.bridged().introduced();
            Capture capture = Capture.start(wire.middle(), "mvb");
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            peer.ask("open " + PEER + " 200000");
            talker.ask("open 10.77.0.1:7001");
            // Two bursts, so that the second finds its doorbells moderated from the start.
            for (int i = 0; i < 2; i++) {
                assertThat(talker.ask("burst " + PEER + " " + lengths)).isEqualTo("sent 400");
            }
            Await.until("the capture to have all", () -> firsts(capture).size() >= 800, capture::toString);
            assertThat(firsts(capture).subList(0, 400)).isEqualTo(sent);
            assertThat(firsts(capture).subList(400, 800)).isEqualTo(sent);
            final Report report = talker.finish();
            assertThat(report.socket().reasons()).as(report.text()).containsEntry("EXCEEDS_MTU", 20L);
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(780);
        }
    }

    /** Payload bytes of the datagrams whose first fragments passed, in that order. */
    private static List<Integer> firsts(Capture capture) {
        return capture.fields("ip.frag_offset", "udp.length").stream().filter(packet -> packet.get(0).equals("0"))
            .map(packet -> Integer.parseInt(packet.get(1)) - 8).toList();
    }

    @Test
    void receivedFragmentsComeOnceEachAmongTheOthers() {
        final int[] lengths = {100, 101, 20_000, 102, 103, 3000, 104, 105, 65_507, 106, 107};
        try (Wire wire = Wire.direct().introduced();
            Talking held = Jvm.accelerated("vb:afxdp").talker(wire.b());
            Talking peer = Jvm.plain().talker(wire.a())) {
            held.ask("open " + PEER);
            held.program().awaitErr("vb is accelerated");
            peer.ask("open 10.77.0.1:7001");
            for (int round = 0; round < 20; round++) {
                peer.ask("burst " + PEER + " " + join(lengths));
                final List<Integer> received = Arrays.stream(held.ask("lengths 10000 " + lengths.length).split(",")).map(Integer::valueOf)
                    .toList();
                assertThat(received).containsExactlyInAnyOrderElementsOf(Arrays.stream(lengths).boxed().toList());
                // Each of the two ways keeps its order.
                assertThat(received.stream().filter(length -> length < 1473).toList()).isEqualTo(
                    Arrays.stream(lengths).filter(length -> length < 1473).boxed().toList());
                assertThat(received.stream().filter(length -> length > 1472).toList()).isEqualTo(
                    Arrays.stream(lengths).filter(length -> length > 1472).boxed().toList());
            }
            final Report report = held.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(20 * 8);
            assertThat(report.socket().kernelRx()).as(report.text()).isEqualTo(20 * 3);
        }
    }

    private static String join(int[] numbers) {
        return String.join(",", Arrays.stream(numbers).mapToObj(String::valueOf).toList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPathMtuLearnedFromARouterCountsWithinASecond(boolean accelerated) {
        try (Wire wire = behindANarrowLink();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = (accelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain()).talker(wire.a())) {
            peer.ask("open " + FAR_PEER);
            talker.ask("open 10.77.0.1:7001");
            talker.ask("send " + FAR_PEER + " 972");
            assertThat(peer.ask("receive 10000")).isEqualTo("972 bytes");
            assertThat(talker.ask("send " + FAR_PEER + " 1400")).isEqualTo("sent 1");
            Await.until("the kernel to hear of the MTU", () -> wire.a().run("ip route get 10.77.1.2").contains("mtu 1000"));
            final long learned = System.nanoTime();
            Await.until("a long datagram to arrive", () -> {
                talker.ask("send " + FAR_PEER + " 1400");
                return peer.ask("receive 20").equals("1400 bytes");
            });
            // The stated second, and what processes that answer in words take.
            assertThat(System.nanoTime() - learned).isLessThan(1_500_000_000L);
            talker.ask("send " + FAR_PEER + " 972 5");
            assertThat(peer.ask("drain 5000 5")).isEqualTo("5 received, 0 damaged");
            if (accelerated) {
                final Report report = talker.finish();
                assertThat(report.socket().reasons()).as(report.text()).containsOnlyKeys("EXCEEDS_MTU");
                assertThat(report.socket().fastTx()).as(report.text()).isGreaterThanOrEqualTo(7);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectedChannelIsToldOnceThatItsPathIsNarrower(boolean accelerated) {
        try (Wire wire = behindANarrowLink();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = (accelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain()).talker(wire.a())) {
            peer.ask("open " + FAR_PEER);
            talker.ask("open 10.77.0.1:7001");
            talker.ask("connect " + FAR_PEER);
            assertThat(talker.ask("by write " + FAR_PEER + " 1400")).isEqualTo("sent 1");
            Await.until("the kernel to hear of the MTU", () -> wire.a().run("ip route get 10.77.1.2").contains("mtu 1000"));
            assertThat(talker.ask("receive 5000")).isEqualTo("error java.net.SocketException: Message too long");
            assertThat(talker.ask("receive 100")).isEqualTo("nothing");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectedChannelThatOnlySendsIsToldOnceAsWell(boolean accelerated) {
        try (Wire wire = behindANarrowLink();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = (accelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain()).talker(wire.a())) {
            peer.ask("open " + FAR_PEER);
            talker.ask("open 10.77.0.1:7001");
            talker.ask("connect " + FAR_PEER);
            assertThat(talker.ask("by write " + FAR_PEER + " 1400")).isEqualTo("sent 1");
            Await.until("the kernel to hear of the MTU", () -> wire.a().run("ip route get 10.77.1.2").contains("mtu 1000"));
            // A watcher hears of it: not before the next datagram in any case, but soon.
            Await.until("the error", () -> talker.ask("by write " + FAR_PEER + " 100").equals(
                "error java.io.IOException: Message too long"));
            peer.ask("drain 100");
            assertThat(talker.ask("by write " + FAR_PEER + " 1400")).isEqualTo("sent 1");
            assertThat(peer.ask("receive 10000")).isEqualTo("1400 bytes");
            assertThat(talker.ask("by write " + FAR_PEER + " 100")).isEqualTo("sent 1");
            assertThat(peer.ask("receive 10000")).isEqualTo("100 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectedChannelThatOnlySendsHearsOfAPortThatNobodyHas(boolean accelerated) {
        try (Wire wire = Wire.direct().introduced();
            Talking talker = (accelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain()).talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            talker.ask("connect " + PEER);
            for (int i = 0; i < 3; i++) {
                Await.until("the error", () -> talker.ask("by write " + PEER + " 100").equals(
                    "error java.net.PortUnreachableException"));
            }
        }
    }

    /** Accelerated on the left; the link behind the router takes 1000 bytes. */
    private static Wire behindANarrowLink() {
        final Wire wire = Wire.routed().introduced();
        wire.middle().run("ip link set mvb mtu 1000");
        return wire;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withDontFragmentWhatDoesNotFitIsRefused(boolean accelerated) {
        final Jvm jvm = (accelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain()).of(withDontFragment());
        try (Wire wire = Wire.bridged().introduced();
            Capture capture = Capture.start(wire.middle(), "mva");
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = jvm.talker(wire.a())) {
            peer.ask("open " + PEER);
            talker.ask("open 10.77.0.1:7001");
            assertThat(talker.ask("option IP_DONTFRAGMENT")).isEqualTo("IP_DONTFRAGMENT=false");
            assertThat(talker.ask("option IP_DONTFRAGMENT true")).isEqualTo("IP_DONTFRAGMENT=true");
            assertThat(talker.ask("by send " + PEER + " 1473")).isEqualTo("error java.net.SocketException: Message too long");
            assertThat(talker.ask("by adaptor " + PEER + " 1473")).isEqualTo("error java.net.SocketException: Message too long");
            talker.ask("connect " + PEER);
            final List<String> answers = new ArrayList<>();
            for (final String way : WAYS) {
                answers.add(talker.ask("by " + way + " " + PEER + " 1473"));
                assertThat(talker.ask("by " + way + " " + PEER + " 1472")).isEqualTo("sent 1");
                assertThat(peer.ask("receive 10000")).isEqualTo("1472 bytes");
            }
            // IOUtil's words: a write is an IOException of another class than a send (seen on the JDK).
            assertThat(answers).containsOnly("error java.io.IOException: Message too long");
            assertThat(talker.ask("option IP_DONTFRAGMENT false")).isEqualTo("IP_DONTFRAGMENT=false");
            assertThat(talker.ask("by write " + PEER + " 1473")).isEqualTo("sent 1");
            assertThat(peer.ask("receive 10000")).isEqualTo("1473 bytes");
            assertThat(talker.ask("by write " + PEER + " 1000")).isEqualTo("sent 1");
            assertThat(peer.ask("receive 10000")).isEqualTo("1000 bytes");
            assertPackets(capture, "1 1500", "1 1500", "1 1500", "1 1500", "0 1500", "0 21", "0 1028");
            if (accelerated) {
                final Report report = talker.finish();
                assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(WAYS.length + 1);
                // What went in fragments, and all that the kernel refused.
                assertThat(report.socket().reasons()).as(report.text()).containsOnly(Map.entry("EXCEEDS_MTU", 1L + 2 + WAYS.length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withDontFragmentTheLoopbacksMtuCountsInSharedMemoryToo(boolean accelerated) {
        final Jvm jvm = (accelerated ? Jvm.accelerated("lo:shm") : Jvm.plain()).of(withDontFragment());
        try (Wire wire = Wire.direct(); Talking receiver = jvm.talker(wire.a()); Talking talker = jvm.talker(wire.a())) {
            wire.a().run("ip link set lo mtu 1500");
            receiver.ask("open 127.0.0.1:7002");
            talker.ask("open 127.0.0.1:7001");
            talker.ask("option IP_DONTFRAGMENT true");
            assertThat(talker.ask("by send 127.0.0.1:7002 1473")).isEqualTo("error java.net.SocketException: Message too long");
            assertThat(talker.ask("by send 127.0.0.1:7002 1472")).isEqualTo("sent 1");
            assertThat(receiver.ask("receive 10000")).isEqualTo("1472 bytes");
            talker.ask("option IP_DONTFRAGMENT false");
            assertThat(talker.ask("by send 127.0.0.1:7002 65507")).isEqualTo("sent 1");
            assertThat(receiver.ask("receive 10000")).isEqualTo("65507 bytes");
            if (accelerated) {
                final Report report = talker.finish();
                assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(2);
                assertThat(report.socket().kernelTx()).as(report.text()).isZero();
            }
        }
    }

    @Test
    void withDontFragmentALearnedMtuCountsToo() {
        try (Wire wire = behindANarrowLink();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").of(withDontFragment()).talker(wire.a())) {
            peer.ask("open " + FAR_PEER);
            talker.ask("open 10.77.0.1:7001");
            talker.ask("option IP_DONTFRAGMENT true");
            assertThat(talker.ask("send " + FAR_PEER + " 1400")).isEqualTo("sent 1");
            Await.until("the refusal", () -> talker.ask("send " + FAR_PEER + " 1400").equals(
                "error java.net.SocketException: Message too long"));
            assertThat(talker.ask("send " + FAR_PEER + " 972")).isEqualTo("sent 1");
            assertThat(peer.ask("receive 10000")).isEqualTo("972 bytes");
        }
    }

    /** A JDK that has the option (19 or later). */
    private static JavaHomes withDontFragment() {
        final Optional<JavaHomes> found = JavaHomes.all().filter(home -> home.version() >= 19).findFirst();
        assumeTrue(found.isPresent(), "needs a JDK of 19 or later");
        return found.get();
    }

    @Test
    void aHostThatDiscoversNoMtusSendsWithoutDf() {
        for (final Jvm jvm : new Jvm[] {Jvm.plain(), Jvm.accelerated("va:afxdp")}) {
            try (Wire wire = Wire.bridged().introduced();
                Capture capture = Capture.start(wire.middle(), "mva")) {
                wire.a().run("sysctl -qw net.ipv4.ip_no_pmtu_disc=1");
                try (Talking talker = jvm.talker(wire.a())) {
                    talker.ask("open 10.77.0.1:7001");
                    talker.ask("send " + PEER + " 1472");
                    talker.ask("send " + PEER + " 1473");
                    assertPackets(capture, "0 1500", "0 1500", "0 21");
                }
            }
        }
    }

    @Test
    void aRouteWithALockedMtuIsUsedWithoutDf() {
        try (Wire wire = Wire.bridged().introduced();
            Capture capture = Capture.start(wire.middle(), "mva");
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            wire.a().run("ip route change 10.77.0.0/24 dev va src 10.77.0.1 mtu lock 1200");
            peer.ask("open " + PEER);
            talker.ask("open 10.77.0.1:7001");
            talker.ask("send " + PEER + " 1172");
            talker.ask("send " + PEER + " 1173");
            assertThat(peer.ask("drain 5000 2")).isEqualTo("2 received, 0 damaged");
            assertPackets(capture, "0 1200", "0 1196", "0 25");
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(1);
            assertThat(report.socket().reasons()).as(report.text()).containsEntry("EXCEEDS_MTU", 1L);
        }
    }

    /** DF and length of the packets that a capture will have seen. */
    private static void assertPackets(Capture capture, String... expected) {
        Await.until("the packets", () -> packets(capture).size() >= expected.length, capture::toString);
        assertThat(packets(capture)).containsExactly(expected);
    }

    private static List<String> packets(Capture capture) {
        return capture.fields("ip.flags.df", "ip.len").stream().map(fields -> String.join(" ", fields)).toList();
    }

    private static Program echo(Host host) {
        return Program.start(host, NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
    }
}
