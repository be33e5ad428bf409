package io.accel.udp.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.path.SourcePolicy;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.route.NetworkDevices;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From which addresses a socket of this host can have sent. */
class HostSourcesTest {
    private static final BoundAddress DUAL_STACK = new BoundAddress(IpAddress.ANY_IPV6, true, true);

    private NetworkDevices devices;
    private HostSources sources;

    @BeforeEach
    void open() throws Exception {
        devices = NetworkDevices.open();
        sources = new HostSources(devices);
    }

    @AfterEach
    void close() {
        devices.close();
    }

    private static IpAddress ip(String text) throws Exception {
        return IpAddress.of(InetAddress.getByName(text));
    }

    private boolean admits(BoundAddress bound, IpAddress source) {
        final SourceVerdicts verdicts = sources.ofThisHost(bound);
        return verdicts.admits(source.high(), source.low(), source.scope(), SourcePolicy.ANY_DESTINATION);
    }

    @Test
    void everyAddressOfThisHost() throws Exception {
        assertThat(devices.addresses()).isNotEmpty().allMatch(each -> admits(DUAL_STACK, each.ip()));
        assertThat(admits(DUAL_STACK, ip("127.0.0.1"))).isTrue();
        assertThat(admits(DUAL_STACK, ip("127.200.0.9"))).isTrue();
        assertThat(admits(DUAL_STACK, ip("::1"))).isTrue();
    }

    @Test
    void noneThatIsNot() throws Exception {
        for (final String each : new String[] {"0.0.0.0", "::", "::2", "::7f00:1", "192.0.2.1", "2001:db8::1", "224.0.0.1", "ff02::1",
            "255.255.255.255", "fe80::1"}) {
            assertThat(admits(DUAL_STACK, ip(each))).as(each).isFalse();
        }
    }

    /** Why refusing the wildcards loses nothing, although the kernel answers a look-up of 0.0.0.0 as one of the loopback address. */
    @Test
    void theKernelSendsFromNoWildcard() throws Exception {
        for (final String each : new String[] {"0.0.0.0", "::"}) {
            final InetAddress wildcard = InetAddress.getByName(each);
            try (DatagramChannel to = DatagramChannel.open(); DatagramChannel from = DatagramChannel.open()) {
                to.bind(new InetSocketAddress(wildcard, 0));
                from.bind(new InetSocketAddress(wildcard, 0));
                from.send(ByteBuffer.allocate(1), new InetSocketAddress(wildcard, ((InetSocketAddress) to.getLocalAddress()).getPort()));
                to.socket().setSoTimeout(10_000);
                final DatagramPacket packet = new DatagramPacket(new byte[1], 1);
                to.socket().receive(packet);
                assertThat(packet.getAddress().isAnyLocalAddress()).as(each).isFalse();
                assertThat(admits(DUAL_STACK, IpAddress.of(packet.getAddress()))).as(packet.getAddress().toString()).isTrue();
            }
        }
    }

    @Test
    void aScopeBelongsToAddressesThatNeedOne() throws Exception {
        assertThat(admits(DUAL_STACK, new IpAddress(0, 1, 1))).as("::1%1").isFalse();
        assertThat(admits(DUAL_STACK, new IpAddress(0, IpAddress.mapped(0x7F000001), 1))).as("127.0.0.1%1").isFalse();
    }

    @Test
    void noneOfAVersionThatTheSocketDoesNotTake() throws Exception {
        assertThat(admits(BoundAddress.ipv4(IpAddress.ANY_IPV4), ip("127.0.0.1"))).isTrue();
        assertThat(admits(BoundAddress.ipv4(IpAddress.ANY_IPV4), ip("::1"))).isFalse();
        assertThat(admits(new BoundAddress(IpAddress.ANY_IPV6, false, true), ip("127.0.0.1"))).isFalse();
        assertThat(admits(new BoundAddress(ip("::1"), true, true), ip("127.0.0.1"))).isFalse();
        assertThat(admits(new BoundAddress(ip("127.0.0.1"), true, true), ip("127.0.0.1"))).isTrue();
    }
}
