package io.accel.udp.route;

import static io.accel.udp.testing.Namespace.await;
import static io.accel.udp.testing.Namespace.ip;
import static io.accel.udp.testing.Namespace.ipPeer;
import static io.accel.udp.testing.Namespace.run;
import static io.accel.udp.testing.Namespace.vethHere;
import static io.accel.udp.testing.Namespace.vethToPeer;
import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.natives.Errno;
import io.accel.udp.testing.InNamespace;
import io.accel.udp.testing.Namespace;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Test;

@InNamespace
class RouteTableTest {
    private final NetworkDevices devices;
    private final RouteTable routes;

    RouteTableTest() throws IOException {
        devices = NetworkDevices.open();
        routes = RouteTable.open(devices);
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    private Route to(String destination) throws IOException {
        return routes.lookup(RouteQuery.to(address(destination)));
    }

    private boolean isLocal(String destination) {
        try {
            return to(destination).type() == RouteType.LOCAL;
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onTheLink() throws IOException {
        vethToPeer();
        final Route route = to("10.1.0.2");
        assertThat(route.type()).isEqualTo(RouteType.UNICAST);
        assertThat(route.ifName()).isEqualTo("v0");
        assertThat(route.ifIndex()).isEqualTo(devices.byName("v0").ifIndex());
        assertThat(route.source()).isEqualTo(address("10.1.0.1"));
        assertThat(route.nextHop()).isEqualTo(address("10.1.0.2"));
        assertThat(route.gateway()).isFalse();
        assertThat(route.mtu()).isEqualTo(1500);
        assertThat(route.mtuLearned()).isFalse();
        assertThat(route.unsupported()).isFalse();
        assertThat(route.table()).isEqualTo(254);
    }

    @Test
    void throughAGatewayWithAPreferredSourceAndAnMtu() throws IOException {
        vethToPeer();
        ip("addr add 10.1.0.9/24 dev v0");
        ip("route add 10.2.0.0/16 via 10.1.0.2 src 10.1.0.9 mtu 1300");
        ip("route add 10.3.0.0/16 via 10.1.0.2 mtu lock 1200");
        ip("route add 10.4.0.0/16 via 10.1.0.2 mtu 9000");
        final Route route = to("10.2.3.4");
        assertThat(route.nextHop()).isEqualTo(address("10.1.0.2"));
        assertThat(route.gateway()).isTrue();
        assertThat(route.source()).isEqualTo(address("10.1.0.9"));
        assertThat(route.mtu()).isEqualTo(1300);
        assertThat(route.mtuLearned()).isFalse();
        assertThat(route.mtuLocked()).isFalse();
        assertThat(to("10.3.3.4").mtuLocked()).isTrue();
        assertThat(to("10.3.3.4").mtu()).isEqualTo(1200);
        assertThat(to("10.4.3.4").mtu()).as("never more than the device's").isEqualTo(1500);
    }

    @Test
    void policyRulesByPortsTosAndDevice() throws IOException {
        vethToPeer();
        vethHere("w0", "w1");
        ip("addr add 10.5.0.1/24 dev w0");
        ip("route add 10.2.0.0/16 via 10.1.0.2");
        ip("route add 10.2.0.0/16 dev w0 table 100");
        ip("rule add ipproto udp sport 4000 lookup 100");
        ip("rule add ipproto udp dport 5000 lookup 100");
        ip("rule add tos 0x10 lookup 100");
        ip("rule add from 10.5.0.1 lookup 100");
        ip("rule add ipproto tcp sport 4001 lookup 100");
        final InetAddress there = address("10.2.0.7");
        assertThat(routes.lookup(new RouteQuery(there, null, 4001, 5001, 0, 0)).ifName()).isEqualTo("v0");
        assertThat(routes.lookup(new RouteQuery(there, null, 4000, 5001, 0, 0)).ifName()).isEqualTo("w0");
        assertThat(routes.lookup(new RouteQuery(there, null, 4000, 5001, 0, 0)).table()).isEqualTo(100);
        assertThat(routes.lookup(new RouteQuery(there, null, 4001, 5000, 0, 0)).ifName()).isEqualTo("w0");
        assertThat(routes.lookup(new RouteQuery(there, null, 4001, 5001, 0x10, 0)).ifName()).isEqualTo("w0");
        assertThat(routes.lookup(new RouteQuery(there, null, 4001, 5001, 0x02, 0)).ifName()).as("ECN bits").isEqualTo("v0");
        assertThat(routes.lookup(new RouteQuery(there, address("10.5.0.1"), 0, 0, 0, 0)).ifName()).isEqualTo("w0");
        final int w0 = devices.byName("w0").ifIndex();
        assertThat(routes.lookup(new RouteQuery(there, null, 0, 0, 0, w0)).ifName()).isEqualTo("w0");
    }

    @Test
    void localBroadcastAndMulticast() throws IOException {
        vethToPeer();
        final Route local = to("10.1.0.1");
        assertThat(local.type()).isEqualTo(RouteType.LOCAL);
        assertThat(local.ifName()).isEqualTo("lo");
        assertThat(local.source()).isEqualTo(address("10.1.0.1"));
        assertThat(local.mtu()).isEqualTo(65536);
        assertThat(to("127.0.0.1").type()).isEqualTo(RouteType.LOCAL);
        assertThat(to("127.1.2.3").type()).isEqualTo(RouteType.LOCAL);
        assertThat(to("10.1.0.255").type()).isEqualTo(RouteType.BROADCAST);
        ip("route add 224.0.0.0/4 dev v0");
        assertThat(to("239.1.2.3").type()).isEqualTo(RouteType.MULTICAST);
        assertThat(to("239.1.2.3").ifName()).isEqualTo("v0");
        ip("route add local 10.77.0.0/16 dev lo");
        assertThat(to("10.77.1.2").type()).as("a local route without an address").isEqualTo(RouteType.LOCAL);
    }

    @Test
    void whatTheKernelRefuses() throws IOException {
        vethToPeer();
        ip("route add unreachable 10.11.0.0/16");
        ip("route add prohibit 10.12.0.0/16");
        ip("route add blackhole 10.13.0.0/16");
        assertThat(to("10.99.0.1").type()).isEqualTo(RouteType.NONE);
        assertThat(to("10.99.0.1").errno()).isEqualTo(Errno.ENETUNREACH);
        assertThat(to("10.11.0.1").type()).isEqualTo(RouteType.UNREACHABLE);
        assertThat(to("10.12.0.1").type()).isEqualTo(RouteType.PROHIBIT);
        assertThat(to("10.13.0.1").type()).isEqualTo(RouteType.BLACKHOLE);
        final Route stranger = routes.lookup(new RouteQuery(address("10.1.0.2"), address("10.98.0.1"), 0, 0, 0, 0));
        assertThat(stranger.errno()).as("a source that is not ours").isNotZero();
        assertThat(routes.lookup(new RouteQuery(address("10.1.0.2"), address("::1"), 0, 0, 0, 0)).type()).isEqualTo(RouteType.NONE);
    }

    @Test
    void whatOnlyTheKernelCanSend() throws IOException {
        vethToPeer();
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        ip("route add 10.6.0.0/16 via inet6 2001:db8::2 dev v0");
        final Route route = to("10.6.0.1");
        assertThat(route.type()).isEqualTo(RouteType.UNICAST);
        assertThat(route.unsupported()).isTrue();
    }

    @Test
    void aLearnedPathMtuCountsUntilItExpires() throws IOException {
        vethToPeer();
        ipPeer("link add s0 type veth peer name s1");
        ipPeer("link set s0 mtu 1000 up");
        ipPeer("link set s1 up");
        ipPeer("addr add 10.7.0.1/24 dev s0");
        run("ip netns exec " + Namespace.peer() + " sysctl -qw net.ipv4.ip_forward=1");
        ip("route add 10.7.0.0/24 via 10.1.0.2");
        assertThat(to("10.7.0.2").mtu()).isEqualTo(1500);
        try (DatagramChannel channel = DatagramChannel.open(java.net.StandardProtocolFamily.INET)) {
            await("ICMP fragmentation needed", () -> {
                try {
                    channel.send(ByteBuffer.allocate(1400), new InetSocketAddress("10.7.0.2", 9));
                    return to("10.7.0.2").mtu() == 1000;
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(to("10.7.0.2").mtuLearned()).isTrue();
        assertThat(to("10.7.0.3").mtu()).as("another destination").isEqualTo(1500);
    }

    @Test
    void ofVersion6() throws IOException {
        vethToPeer();
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        // The kernel's worker for duplicate detection adds the local route, also where it is told to detect none.
        await("the address's own route", () -> isLocal("2001:db8::1"));
        ip("route add 2001:db8:1::/48 via 2001:db8::2 mtu 1400");
        final Route direct = to("2001:db8::7");
        assertThat(direct.type()).isEqualTo(RouteType.UNICAST);
        assertThat(direct.ifName()).isEqualTo("v0");
        assertThat(direct.source()).isEqualTo(address("2001:db8::1"));
        assertThat(direct.nextHop()).isEqualTo(address("2001:db8::7"));
        final Route far = to("2001:db8:1::7");
        assertThat(far.nextHop()).isEqualTo(address("2001:db8::2"));
        assertThat(far.mtu()).isEqualTo(1400);
        assertThat(to("2001:db8:2::1").type()).isEqualTo(RouteType.NONE);
        assertThat(to("2001:db8::1").type()).isEqualTo(RouteType.LOCAL);
        assertThat(to("2001:db8::1").source()).isEqualTo(address("2001:db8::1"));
        assertThat(to("::1").type()).isEqualTo(RouteType.LOCAL);
        assertThat(to("::1").source()).isEqualTo(address("::1"));
    }

    @Test
    void ofVersion6OverALinkLocalAddress() throws IOException {
        vethToPeer();
        ip("addr add fe80::1/64 dev v0 nodad");
        final int v0 = devices.byName("v0").ifIndex();
        await("the address's own route", () -> isLocalOn("fe80::1", v0));
        final Route route = routes.lookup(new RouteQuery(address("fe80::2"), null, 0, 0, 0, v0));
        assertThat(route.type()).isEqualTo(RouteType.UNICAST);
        assertThat(route.ifIndex()).isEqualTo(v0);
        assertThat(route.source()).isEqualTo(address("fe80::1"));
    }

    private boolean isLocalOn(String destination, int device) {
        try {
            return routes.lookup(new RouteQuery(address(destination), null, 0, 0, 0, device)).type() == RouteType.LOCAL;
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void hopLimitsAndMtusAsTheDeviceOrTheRouteSays() throws IOException {
        vethToPeer();
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        ip("route add 2001:db8:1::/48 via 2001:db8::2 hoplimit 7");
        ip("route add 10.9.0.0/16 via 10.1.0.2 hoplimit 9");
        assertThat(to("2001:db8::7").hopLimit()).isEqualTo(64);
        assertThat(to("2001:db8:1::7").hopLimit()).isEqualTo(7);
        assertThat(to("10.9.0.7").hopLimit()).isEqualTo(9);
        assertThat(to("10.1.0.7").hopLimit()).as("the host's default").isZero();
        assertThat(to("2001:db8::7").mtu()).isEqualTo(1500);
        run("sysctl -qw net.ipv6.conf.v0.hop_limit=33 net.ipv6.conf.v0.mtu=1300");
        assertThat(to("2001:db8::7").hopLimit()).isEqualTo(33);
        assertThat(to("2001:db8::7").mtu()).isEqualTo(1300);
        assertThat(to("10.1.0.7").mtu()).isEqualTo(1500);
    }

    /** The answer must be what a socket of the kernel's does. */
    @Test
    void ofVersion6AgreesWithWhereAConnectedSocketGoes() throws IOException {
        vethToPeer();
        vethHere("w0", "w1");
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        ip("addr add 2001:db8:5::1/64 dev w0 nodad");
        ip("addr add 2001:db8:5::2/128 dev w0 nodad");
        ip("addr add fd00::1/64 dev w0 nodad");
        await("the addresses", () -> isLocal("2001:db8::1") && isLocal("2001:db8:5::1") && isLocal("2001:db8:5::2") && isLocal("fd00::1"));
        ip("route add 2001:db8:8::/48 via 2001:db8::2 src 2001:db8:5::2");
        ip("route add 2001:db8:9::/48 via 2001:db8:5::77");
        for (final String destination : new String[] {"2001:db8::2", "2001:db8:5::77", "2001:db8:8::1", "2001:db8:9::1", "fd00::9", "::1",
            "2001:db8::1", "2001:db8:5::2"}) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(address(destination), 9);
                assertThat(to(destination).source()).as(destination).isEqualTo(socket.getLocalAddress());
            }
        }
    }

    /** The answer must be what a socket of the kernel's does. */
    @Test
    void agreesWithWhereAConnectedSocketGoes() throws IOException {
        vethToPeer();
        vethHere("w0", "w1");
        ip("addr add 10.5.0.1/24 dev w0");
        ip("addr add 10.5.0.2/32 dev w0");
        ip("route add 10.8.0.0/16 via 10.1.0.2 src 10.5.0.2");
        for (final String destination : new String[] {"10.1.0.2", "10.5.0.77", "10.8.1.1", "127.0.0.1", "10.1.0.1"}) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(address(destination), 9);
                assertThat(to(destination).source()).as(destination).isEqualTo(socket.getLocalAddress());
            }
        }
    }

    private boolean isDelivered(String source) throws IOException {
        return routes.isDelivered(devices.byName("v0").ifIndex(), address(source), address("10.1.0.1"));
    }

    @Test
    void arrivalsAsTheKernelTakesThem() throws IOException {
        vethToPeer();
        assertThat(isDelivered("10.1.0.2")).isTrue();
        assertThat(isDelivered("192.0.2.7")).as("no route back, but rp_filter is off").isTrue();
        assertThat(isDelivered("10.1.0.1")).as("our own address").isFalse();
        assertThat(isDelivered("127.0.0.1")).isFalse();
        assertThat(isDelivered("224.0.0.1")).isFalse();
        assertThat(routes.isDelivered(devices.byName("v0").ifIndex(), address("10.1.0.2"), address("10.1.0.77")))
            .as("a destination that is not of this host").isFalse();
        assertThat(routes.isDelivered(9999, address("10.1.0.2"), address("10.1.0.1"))).as("no such device").isFalse();
    }

    @Test
    void arrivalsUnderTheSettingsOfTheDevice() throws IOException {
        vethToPeer();
        vethHere("w0", "w1");
        ip("addr add 10.5.0.1/24 dev w0");
        run("sysctl -qw net.ipv4.conf.v0.rp_filter=1");
        assertThat(isDelivered("10.1.0.2")).isTrue();
        assertThat(isDelivered("192.0.2.7")).isFalse();
        assertThat(isDelivered("10.5.0.2")).as("strict: the way back is another device").isFalse();
        run("sysctl -qw net.ipv4.conf.v0.rp_filter=2");
        assertThat(isDelivered("10.5.0.2")).as("loose").isTrue();
        assertThat(isDelivered("192.0.2.7")).isFalse();
        run("sysctl -qw net.ipv4.conf.v0.rp_filter=0 net.ipv4.conf.v0.accept_local=1 net.ipv4.conf.v0.route_localnet=1");
        assertThat(isDelivered("192.0.2.7")).isTrue();
        assertThat(isDelivered("10.1.0.1")).isTrue();
        assertThat(isDelivered("127.0.0.1")).isTrue();
    }
}
