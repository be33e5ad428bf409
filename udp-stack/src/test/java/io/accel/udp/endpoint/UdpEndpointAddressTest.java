package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** Which datagrams an endpoint takes, by their two ends. */
class UdpEndpointAddressTest {
    private static final int DEVICE = 3;

    private static IpAddress ip(String text) {
        try {
            return IpAddress.of(InetAddress.getByName(text)).on(DEVICE);
        } catch (final UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static UdpEndpoint bound(String address, boolean four, boolean six) {
        return new UdpEndpoint(new BoundAddress(ip(address), four, six), 9, 4096, null, null);
    }

    private static boolean accepts(UdpEndpoint endpoint, String to, String from, int port) {
        return accepts(endpoint, to, ip(from), port);
    }

    private static boolean accepts(UdpEndpoint endpoint, String to, IpAddress from, int port) {
        return endpoint.accepts(ip(to).high(), ip(to).low(), from.high(), from.low(), ScopedPort.of(port, from.scope()));
    }

    @Test
    void aWildcardTakesItsVersions() {
        final UdpEndpoint dual = bound("::", true, true);
        assertThat(accepts(dual, "10.0.0.1", "10.0.0.2", 7) && accepts(dual, "fd00::1", "fd00::2", 7)).isTrue();
        final UdpEndpoint four = bound("0.0.0.0", true, false);
        assertThat(accepts(four, "10.0.0.1", "10.0.0.2", 7)).isTrue();
        assertThat(accepts(four, "fd00::1", "fd00::2", 7)).isFalse();
        final UdpEndpoint six = bound("::", false, true);
        assertThat(accepts(six, "10.0.0.1", "10.0.0.2", 7)).isFalse();
        assertThat(accepts(six, "fd00::1", "fd00::2", 7)).isTrue();
    }

    @Test
    void aBoundAddressTakesItsOwn() {
        final UdpEndpoint six = bound("fd00::1", true, true);
        assertThat(accepts(six, "fd00::1", "fd00::2", 7)).isTrue();
        assertThat(accepts(six, "fd00::3", "fd00::2", 7) || accepts(six, "10.0.0.1", "10.0.0.2", 7)).isFalse();
        final UdpEndpoint four = bound("10.0.0.1", true, true);
        assertThat(accepts(four, "10.0.0.1", "10.0.0.2", 7)).isTrue();
        assertThat(accepts(four, "10.0.0.3", "10.0.0.2", 7) || accepts(four, "::a00:1", "fd00::2", 7)).isFalse();
    }

    @Test
    void aConnectedOneTakesItsPeerOfThatScope() {
        final UdpEndpoint endpoint = bound("::", true, true);
        endpoint.connect(ip("fe80::2"), 7);
        assertThat(accepts(endpoint, "fe80::1", "fe80::2", 7)).isTrue();
        assertThat(accepts(endpoint, "fe80::1", "fe80::2", 8)).as("another port").isFalse();
        assertThat(accepts(endpoint, "fe80::1", "fe80::3", 7)).as("another address").isFalse();
        assertThat(accepts(endpoint, "fe80::1", new IpAddress(ip("fe80::2").high(), 2, DEVICE + 1), 7)).as("another device").isFalse();
        endpoint.disconnect();
        assertThat(accepts(endpoint, "fe80::1", "fe80::3", 7)).isTrue();
    }

    @Test
    void theConnectedIsPreferredThenTheBound() {
        final UdpEndpoint any = bound("::", true, true);
        final UdpEndpoint one = bound("fd00::1", true, true);
        final UdpEndpoint connected = bound("::", true, true);
        connected.connect(ip("fd00::2"), 7);
        assertThat(one.isMoreSpecificThan(any) && connected.isMoreSpecificThan(one) && connected.isMoreSpecificThan(any)).isTrue();
        assertThat(any.isMoreSpecificThan(one) || any.isMoreSpecificThan(bound("0.0.0.0", true, false))).isFalse();
    }
}
