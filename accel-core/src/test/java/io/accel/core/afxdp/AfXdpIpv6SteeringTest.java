package io.accel.core.afxdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.VethPairExtension;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As {@link AfXdpSteeringTest} over IPv6: side a holds the VI and kernel sockets of both versions; side b is the kernel's. */
class AfXdpIpv6SteeringTest {
    private static final String A = "fd00:77::1";
    private static final String B = "fd00:77::2";
    private static final String A4 = "10.77.0.1";
    private static final String B4 = "10.77.0.2";
    private static final int DESTINATION_OPTIONS = 60;
    private static final int ROUTING = 43;

    @RegisterExtension
    private static final VethPairExtension PAIR = VethPairExtension.ipv6();

    private static Agent a;
    private static Agent b;

    @BeforeAll
    static void startAgents() {
        a = Agent.start(PAIR.a(), AfXdpAgent.class);
        b = Agent.start(PAIR.b(), AfXdpAgent.class);
        for (final int port : new int[] {7000, 7001}) {
            assertThat(a.ask("bind " + port)).isEqualTo("ok");
            assertThat(b.ask("bind " + port)).isEqualTo("ok");
        }
    }

    @AfterAll
    static void stopAgents() {
        if (a != null) {
            a.close();
        }
        if (b != null) {
            b.close();
        }
    }

    @BeforeEach
    void open() {
        assertThat(a.ask("open va")).isEqualTo("ok generic copy");
        assertThat(b.ask("open vb")).isEqualTo("ok generic copy");
    }

    @AfterEach
    void close() {
        assertThat(a.ask("close")).startsWith("ok");
        assertThat(b.ask("close")).startsWith("ok");
    }

    private static void filter(String arguments) {
        assertThat(a.ask("filter " + arguments)).isEqualTo("ok");
    }

    @Test
    void stealsTheFilteredPortAndPassesAnother() {
        filter(A + " 7000");
        b.ask("transmit 7001 " + A + " 7001 kernel 1");
        b.ask("transmit 7001 " + A + " 7000 stolen 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("stolen");
        assertThat(a.ask("receive 7001")).isEqualTo("kernel");
        assertNothingMore();
    }

    @Test
    void stealsOnlyTheConnectedPeerWithAFullFilter() {
        filter(A + " 7001 " + B + " 7000");
        b.ask("transmit 7001 " + A + " 7001 other 1");
        b.ask("transmit 7000 " + A + " 7001 peer 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("peer");
        assertThat(a.ask("receive 7001")).isEqualTo("other");
        assertNothingMore();
    }

    @Test
    void eachVersionHasFiltersOfItsOwnOnAPort() {
        filter(A + " 7000");
        b.ask("transmit 7001 " + A4 + " 7000 four 1");
        b.ask("transmit 7001 " + A + " 7000 six 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("six");
        assertThat(a.ask("receive 7000")).isEqualTo("four");
        assertThat(a.ask("unfilter 7000")).isEqualTo("ok");

        filter(A4 + " 7000");
        b.ask("transmit 7001 " + A + " 7000 six 1");
        b.ask("transmit 7001 " + A4 + " 7000 four 1");
        assertThat(AfXdpSteeringTest.payload(a.ask("poll 1"))).isEqualTo("four");
        assertThat(a.ask("receive 7000")).isEqualTo("six");
        assertNothingMore();

        filter(A + " 7000");
        b.ask("transmit 7001 " + A4 + " 7000 four 1");
        b.ask("transmit 7001 " + A + " 7000 six 1");
        final String[] both = a.ask("poll 2").split(" ");
        assertThat(AfXdpSteeringTest.payload(both[0])).isEqualTo("four");
        assertThat(payload(both[1])).isEqualTo("six");
        assertNothingMore();
    }

    @Test
    void leavesToTheKernelWhatARemovedFilterStole() {
        filter(A + " 7000");
        assertThat(a.ask("unfilter 7000")).isEqualTo("ok");
        b.ask("transmit 7001 " + A + " 7000 again 1");
        assertThat(a.ask("receive 7000")).isEqualTo("again");
        assertNothingMore();
    }

    @Test
    void passesExtensionHeadersAndFragments() {
        filter(A + " 7000");
        for (final int extension : new int[] {DESTINATION_OPTIONS, ROUTING}) {
            final byte[] frame = EthernetFrames.udp6(PAIR.b().mac(), PAIR.a().mac(), B, 7000, A, 7000, "after " + extension, extension);
            if (extension == ROUTING) {
                // Of type 2 with no segments left, which every node skips (RFC 8200 §4.4).
                Arrays.fill(frame, 54 + 2, 54 + 8, (byte) 0);
                frame[54 + 2] = 2;
            }
            sendFromB(frame);
            assertThat(a.ask("receive 7000")).isEqualTo("after " + extension);
        }
        final String longer = "fragment".repeat(300);
        b.ask("transmit 7001 " + A + " 7000 " + longer + " 1");
        assertThat(a.ask("receive 7000")).isEqualTo(longer);
        assertNothingMore();
    }

    @Test
    void passesOddAddressesMacsAndLengths() {
        filter(A + " 7000");
        filter(A4 + " 7001");
        // A mapped address over IPv6 is no IPv4: the kernel drops it, and nothing of ours may take it.
        sendFromB(frame(PAIR.a().mac(), "::ffff:" + B4, "::ffff:" + A4, 7001, "mapped"));
        sendFromB(frame(PAIR.a().mac(), "::1", A, 7000, "loopback"));
        sendFromB(frame(PAIR.a().mac(), "::", A, 7000, "unspecified"));
        sendFromB(frame(PAIR.a().mac(), "ff02::1", A, 7000, "group"));
        sendFromB(frame("02:00:00:00:00:55", B, A, 7000, "anothers"));
        final byte[] lying = frame(PAIR.a().mac(), B, A, 7000, "lying");
        lying[59] += 1;
        sendFromB(lying);
        final byte[] shorter = frame(PAIR.a().mac(), B, A, 7000, "shorter");
        shorter[19] += 1;
        shorter[59] += 1;
        sendFromB(shorter);
        final byte[] four = frame(PAIR.a().mac(), B, A, 7000, "version");
        four[14] = 0x40;
        sendFromB(four);
        b.ask("transmit 7001 " + A + " 7000 honest 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("honest");
        assertNothingMore();
    }

    @Test
    void stealsPaddedFrames() {
        filter(A + " 7000");
        final byte[] datagram = frame(PAIR.a().mac(), B, A, 7000, "pad");
        sendFromB(Arrays.copyOf(datagram, datagram.length + 9));
        assertThat(a.ask("poll 1")).startsWith(HexFormat.of().formatHex(datagram)).hasSize(2 * datagram.length + 18);
    }

    @Test
    void pingNeighbourDiscoveryAndTcpGoOnAsBefore() {
        filter(A + " 7000");
        PAIR.b().run("ip", "neigh", "del", A, "dev", "vb");
        assertThat(PAIR.b().attempt("ping", "-6", "-c", "1", "-W", "3", A).exit()).isZero();
        assertThat(PAIR.b().run("ip", "neigh", "show", A)).contains(PAIR.a().mac());
        PAIR.b().run("ip", "neigh", "replace", A, "lladdr", PAIR.a().mac(), "dev", "vb", "nud", "permanent");
        assertThat(a.ask("listen 7000")).isEqualTo("ok");
        assertThat(b.ask("connect " + A + " 7000 tcp")).isEqualTo("tcp");
        assertNothingMore();
    }

    private static void assertNothingMore() {
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    private static byte[] frame(String toMac, String from, String to, int port, String text) {
        return EthernetFrames.udp6(PAIR.b().mac(), toMac, from, 7000, to, port, text, 0);
    }

    private static void sendFromB(byte[] frame) {
        assertThat(b.ask("send 1 1 " + HexFormat.of().formatHex(frame))).isEqualTo("1 0");
    }

    private static String payload(String hex) {
        final byte[] frame = HexFormat.of().parseHex(hex);
        return new String(frame, 62, frame.length - 62, StandardCharsets.UTF_8);
    }
}
