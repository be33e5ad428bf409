package io.accel.core.afxdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.VethPair;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Side a holds the VI and kernel sockets; side b is the kernel's, with a VI of its own where a test needs odd frames. */
class AfXdpSteeringTest {
    private static final String A = "10.77.0.1";
    private static final String B = "10.77.0.2";
    private static final int STOLEN = 7000;
    private static final int KERNEL = 7001;

    private static VethPair pair;
    private static Agent a;
    private static Agent b;

    @BeforeAll
    static void createPair() {
        assumeTrue(VethPair.isPossible(), "needs root");
        pair = VethPair.create();
        a = Agent.start(pair.a(), AfXdpAgent.class);
        b = Agent.start(pair.b(), AfXdpAgent.class);
        for (final int port : new int[] {STOLEN, KERNEL}) {
            assertThat(a.ask("bind " + port)).isEqualTo("ok");
            assertThat(b.ask("bind " + port)).isEqualTo("ok");
        }
    }

    @AfterAll
    static void removePair() {
        if (pair != null) {
            a.close();
            b.close();
            pair.close();
        }
    }

    @BeforeEach
    void open() {
        assertThat(a.ask("open va")).isEqualTo("ok generic copy");
        assertThat(b.ask("open vb")).isEqualTo("ok generic copy");
        assertThat(a.ask("filter " + A + " " + STOLEN)).isEqualTo("ok");
    }

    @AfterEach
    void close() {
        assertThat(a.ask("close")).startsWith("ok");
        assertThat(b.ask("close")).startsWith("ok");
    }

    @Test
    void stealsTheFilteredPortAndPassesAnother() {
        b.ask("transmit 7001 " + A + " 7001 kernel 1");
        b.ask("transmit 7001 " + A + " 7000 stolen 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("stolen");
        assertThat(a.ask("receive 7001")).isEqualTo("kernel");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void stealsOnlyTheConnectedPeerWithAFullFilter() {
        assertThat(a.ask("filter " + A + " 7001 " + B + " 7000")).isEqualTo("ok");
        b.ask("transmit 7001 " + A + " 7001 other 1");
        b.ask("transmit 7000 " + A + " 7001 peer 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("peer");
        assertThat(a.ask("receive 7001")).isEqualTo("other");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void holdsSeveralFiltersOnAPort() {
        pair.a().run("ip", "addr", "add", "10.77.0.3/32", "dev", "va");
        pair.b().run("ip", "neigh", "replace", "10.77.0.3", "lladdr", pair.a().mac(), "dev", "vb", "nud", "permanent");
        b.ask("transmit 7001 10.77.0.3 7000 third 1");
        assertThat(a.ask("receive 7000")).isEqualTo("third");
        assertThat(a.ask("filter 10.77.0.3 7000")).isEqualTo("ok");
        b.ask("transmit 7001 10.77.0.3 7000 third 1");
        b.ask("transmit 7001 " + A + " 7000 first 1");
        assertThat(a.ask("poll 2").split(" ")).extracting(AfXdpSteeringTest::payload).containsExactly("third", "first");
        assertThat(a.ask("unfilter 7000")).isEqualTo("ok");
        b.ask("transmit 7001 10.77.0.3 7000 third 1");
        b.ask("transmit 7001 " + A + " 7000 first 1");
        assertThat(a.ask("receive 7000")).isEqualTo("third");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("first");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void leavesToTheKernelWhatARemovedFilterStole() {
        assertThat(a.ask("unfilter 7000")).isEqualTo("ok");
        b.ask("transmit 7001 " + A + " 7000 again 1");
        assertThat(a.ask("receive 7000")).isEqualTo("again");
        assertThat(a.ask("idle")).isEqualTo("0");
        assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
    }

    @Test
    void refusesWhatItCannotFilter() {
        assertThat(a.ask("filter " + A + " 7000")).startsWith("FILTER_REFUSED").contains("installed already");
        assertThat(a.ask("filter " + A + " 7000 fd00::1 7000")).startsWith("FILTER_REFUSED").contains("one IP version");
        assertThat(a.ask("filter 0.0.0.0 7000")).startsWith("FILTER_REFUSED").contains("one filter per local address or group");
    }

    @Test
    void stealsAGroupThatComesWithTheGroupsMacAddress() {
        assertThat(a.ask("filter 239.77.5.6 7003")).isEqualTo("ok");
        // 238.205.5.6 has the same MAC address, RFC 1112 6.4: the group decides. A group to our own address is the kernel's affair.
        sendFromB(EthernetFrames.udp(pair.b().mac(), "01:00:5e:4d:05:06", B, 7000, "238.205.5.6", 7003, "twin"));
        sendFromB(EthernetFrames.udp(pair.b().mac(), pair.a().mac(), B, 7000, "239.77.5.6", 7003, "unicast"));
        sendFromB(EthernetFrames.udp(pair.b().mac(), "01:00:5e:4d:05:07", B, 7000, "239.77.5.6", 7003, "neighbour"));
        sendFromB(EthernetFrames.udp(pair.b().mac(), "01:00:5e:4d:05:06", B, 7000, "239.77.5.6", 7003, "group"));
        assertThat(payload(a.ask("poll 1"))).isEqualTo("group");
        assertThat(a.ask("idle")).isEqualTo("0");
        assertThat(a.ask("unfilter 7003")).isEqualTo("ok");
        sendFromB(EthernetFrames.udp(pair.b().mac(), "01:00:5e:4d:05:06", B, 7000, "239.77.5.6", 7003, "left"));
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void passesFragments() {
        final byte[] first = EthernetFrames.udp(pair.b().mac(), pair.a().mac(), B, 7000, A, STOLEN, "fragment".repeat(4).getBytes(
            StandardCharsets.UTF_8), 0x2000, 0);
        // Eight bytes of UDP header and 32 of payload, and the rest in a second one that has no UDP header.
        final byte[] datagram = EthernetFrames.udp(pair.b().mac(), pair.a().mac(), B, 7000, A, STOLEN, "fragment".repeat(5));
        final byte[] second = EthernetFrames.udp(pair.b().mac(), pair.a().mac(), B, 0, A, 0, new byte[0], 5, 0);
        System.arraycopy(datagram, 34, first, 34, 8);
        System.arraycopy(datagram, 42 + 32, second, 34, 8);
        sendFromB(first);
        sendFromB(second);
        assertThat(a.ask("receive 7000")).isEqualTo("fragment".repeat(5));
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void passesIpOptions() {
        sendFromB(EthernetFrames.udp(pair.b().mac(), pair.a().mac(), B, 7000, A, STOLEN, "options".getBytes(StandardCharsets.UTF_8), 0, 4));
        assertThat(a.ask("receive 7000")).isEqualTo("options");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void passesFramesToAnotherMacAndShortLengths() {
        sendFromB(EthernetFrames.udp(pair.b().mac(), "ff:ff:ff:ff:ff:ff", B, 7000, A, STOLEN, "broadcast"));
        assertThat(a.ask("receive 7000")).isEqualTo("broadcast");
        final byte[] lying = EthernetFrames.udp(pair.b().mac(), pair.a().mac(), B, 7000, A, STOLEN, "lying");
        lying[39] += 1;
        sendFromB(lying);
        b.ask("transmit 7001 " + A + " 7000 honest 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("honest");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void stealsPaddedFrames() {
        final byte[] datagram = EthernetFrames.udp(pair.b().mac(), pair.a().mac(), B, 7000, A, STOLEN, "pad");
        sendFromB(Arrays.copyOf(datagram, 60));
        assertThat(a.ask("poll 1")).startsWith(HexFormat.of().formatHex(datagram)).hasSize(120);
    }

    @Test
    void followsAChangedMacAddress() {
        final String old = pair.a().mac();
        try {
            pair.a().run("ip", "link", "set", "va", "address", "02:00:00:00:00:77");
            a.ask("mac");
            sendFromB(EthernetFrames.udp(pair.b().mac(), old, B, 7000, A, STOLEN, "old"));
            sendFromB(EthernetFrames.udp(pair.b().mac(), "02:00:00:00:00:77", B, 7000, A, STOLEN, "new"));
            assertThat(payload(a.ask("poll 1"))).isEqualTo("new");
            assertThat(a.ask("idle")).isEqualTo("0");
        } finally {
            pair.a().run("ip", "link", "set", "va", "address", old);
        }
    }

    @Test
    void pingArpAndTcpGoOnAsBefore() {
        pair.b().run("ip", "neigh", "del", A, "dev", "vb");
        assertThat(pair.b().attempt("ping", "-c", "1", "-W", "3", A).exit()).isZero();
        assertThat(pair.b().run("ip", "neigh", "show", A)).contains(pair.a().mac());
        assertThat(a.ask("listen 7000")).isEqualTo("ok");
        assertThat(b.ask("connect " + A + " 7000 tcp")).isEqualTo("tcp");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void sendsToAKernelPeer() {
        assertThat(a.ask("send 3 3 " + fromA("out"))).isEqualTo("3 0");
        for (int i = 0; i < 3; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("out");
        }
    }

    @Test
    void allFramesComeBack() {
        final String before = a.ask("frames");
        assertThat(before).startsWith("0 0 ").endsWith(" 0");
        final String toNobody = HexFormat.of().formatHex(
            EthernetFrames.udp(pair.a().mac(), "02:00:00:00:00:99", A, KERNEL, B, KERNEL, "x"));
        for (int i = 0; i < 40; i++) {
            b.ask("transmit 7001 " + A + " 7000 around 200");
            assertThat(a.ask("poll 200").split(" ")).hasSize(200);
            assertThat(a.ask("send 200 64 " + toNobody)).isEqualTo("200 0");
        }
        assertThat(eventually("frames", before)).isEqualTo(before);
        assertThat(a.ask("drops")).contains("rx_dropped=0", "rx_ring_full=0", "tx_dropped_by_device=0", "retained_tokens_refused=0");
    }

    @Test
    void retainedFramesComeBackFromOutside() {
        final String before = a.ask("frames");
        b.ask("transmit 7001 " + A + " 7000 kept 50");
        assertThat(a.ask("retain 50").split(" ")).hasSize(50);
        assertThat(a.ask("frames")).startsWith("0 0 ").endsWith(" 50").isNotEqualTo(before);
        assertThat(a.ask("give")).isEqualTo("ok 50");
        assertThat(a.ask("frames")).isEqualTo(before);
    }

    @Test
    void undoneFramesAreFreeAgain() {
        final String[] space = a.ask("undo 20").split(" ");
        assertThat(space[1]).isEqualTo(space[0]);
        assertThat(a.ask("send 1 1 " + fromA("after"))).isEqualTo("1 0");
        assertThat(b.ask("receive 7001")).isEqualTo("after");
    }

    @Test
    void needsOneNativeCallPerBurstAndNoneToReceive() {
        final String[] before = a.ask("calls").split(" ");
        assertThat(a.ask("send 128 32 " + fromA("burst"))).isEqualTo("128 0");
        b.ask("transmit 7001 " + A + " 7000 in 100");
        assertThat(a.ask("poll 100").split(" ")).hasSize(100);
        final String[] after = a.ask("calls").split(" ");
        assertThat(Integer.parseInt(after[1]) - Integer.parseInt(before[1])).isEqualTo(4);
        assertThat(after[0]).isEqualTo(before[0]);
        for (int i = 0; i < 128; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("burst");
        }
    }

    @Test
    void postponesNoMoreThan32FramesAndFlushesThem() {
        final int before = Integer.parseInt(a.ask("calls").split(" ")[1]);
        assertThat(a.ask("postpone 5 " + fromA("late"))).isEqualTo("1 2 3 4 5");
        assertThat(a.ask("calls")).endsWith(" " + before);
        assertThat(a.ask("flush")).isEqualTo("ok");
        assertThat(a.ask("flush")).isEqualTo("ok");
        assertThat(a.ask("calls")).endsWith(" " + (before + 1));
        assertThat(a.ask("postpone 32 " + fromA("late"))).endsWith(" 31 0");
        assertThat(a.ask("calls")).endsWith(" " + (before + 2));
        for (int i = 0; i < 37; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("late");
        }
    }

    @Test
    void tellsAWakeUpOnceAndAFrameAsLongAsItIsThere() {
        assertThat(a.ask("prime")).isEqualTo("false");
        assertThat(a.ask("wake")).isEqualTo("true false");
        assertThat(a.ask("readable")).isEqualTo("0");
        b.ask("transmit 7001 " + A + " 7000 ready 1");
        assertThat(a.ask("readable")).isEqualTo("1");
        assertThat(a.ask("prime")).isEqualTo("true");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("ready");
        assertThat(a.ask("readable")).isEqualTo("0");
    }

    private static void sendFromB(byte[] frame) {
        assertThat(b.ask("send 1 1 " + HexFormat.of().formatHex(frame))).isEqualTo("1 0");
    }

    /** Sent frames come back when the peer's kernel has freed them. */
    private static String eventually(String question, String wanted) {
        String answer = a.ask(question);
        for (int i = 0; i < 1000 && !answer.equals(wanted); i++) {
            answer = a.ask(question);
        }
        return answer;
    }

    static String payload(String hex) {
        final byte[] frame = HexFormat.of().parseHex(hex);
        return new String(frame, 42, frame.length - 42, StandardCharsets.UTF_8);
    }

    private static String fromA(String text) {
        return HexFormat.of().formatHex(EthernetFrames.udp(pair.a().mac(), pair.b().mac(), A, KERNEL, B, KERNEL, text));
    }
}
