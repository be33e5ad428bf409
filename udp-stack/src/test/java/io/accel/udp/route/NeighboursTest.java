package io.accel.udp.route;

import static io.accel.udp.testing.Namespace.await;
import static io.accel.udp.testing.Namespace.feed;
import static io.accel.udp.testing.Namespace.ip;
import static io.accel.udp.testing.Namespace.ipPeer;
import static io.accel.udp.testing.Namespace.run;
import static io.accel.udp.testing.Namespace.vethToPeer;
import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.natives.Errno;
import io.accel.udp.testing.InNamespace;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

@InNamespace
class NeighboursTest {
    private final NetworkDevices devices;
    private final Neighbours neighbours;

    NeighboursTest() throws IOException {
        devices = NetworkDevices.open();
        neighbours = Neighbours.open();
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    private Neighbour of(String nextHop) {
        try {
            return neighbours.lookup(devices.byName("v0").ifIndex(), address(nextHop));
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void statesAndMacs() throws IOException {
        vethToPeer();
        ip("neigh add 10.1.0.50 lladdr 02:00:5e:10:20:30 dev v0 nud permanent");
        ip("neigh add 10.1.0.51 lladdr f2:00:5e:10:20:31 dev v0 nud stale");
        ip("neigh add 10.1.0.52 lladdr 02:00:5e:10:20:32 dev v0 nud reachable");
        ip("neigh add 10.1.0.53 lladdr 02:00:5e:10:20:33 dev v0 nud noarp");
        ip("neigh add fe80::77 lladdr 02:00:5e:10:20:34 dev v0 nud permanent");
        assertThat(of("10.1.0.50")).isEqualTo(new Neighbour(0x02_00_5e_10_20_30L, NeighbourState.PERMANENT));
        assertThat(of("10.1.0.51")).isEqualTo(new Neighbour(0xf2_00_5e_10_20_31L, NeighbourState.STALE));
        assertThat(of("10.1.0.52")).isEqualTo(new Neighbour(0x02_00_5e_10_20_32L, NeighbourState.REACHABLE));
        assertThat(of("10.1.0.53").state()).isEqualTo(NeighbourState.NOARP);
        assertThat(of("fe80::77")).isEqualTo(new Neighbour(0x02_00_5e_10_20_34L, NeighbourState.PERMANENT));
        assertThat(of("10.1.0.54")).isEqualTo(Neighbour.ABSENT);
        assertThat(neighbours.lookup(9999, address("10.1.0.50"))).as("no such device").isEqualTo(Neighbour.ABSENT);
    }

    @Test
    void refreshResolvesAndTheMacIsThePeers() throws IOException {
        vethToPeer();
        assertThat(of("10.1.0.2").state().usable()).isFalse();
        assertThat(neighbours.refresh(devices.byName("v0").ifIndex(), address("10.1.0.2"))).isZero();
        await("resolution", () -> of("10.1.0.2").state() == NeighbourState.REACHABLE);
        final String shown = run("ip neigh show 10.1.0.2 dev v0");
        final StringBuilder mac = new StringBuilder();
        for (int shift = 40; shift >= 0; shift -= 8) {
            mac.append(mac.isEmpty() ? "" : ":").append(String.format("%02x", of("10.1.0.2").mac() >> shift & 0xFF));
        }
        assertThat(shown).contains("lladdr " + mac);
    }

    @Test
    void refreshLeavesStaleBehind() throws IOException {
        vethToPeer();
        ip("neigh add 10.1.0.51 lladdr 02:00:5e:10:20:31 dev v0 nud stale");
        assertThat(neighbours.refresh(devices.byName("v0").ifIndex(), address("10.1.0.51"))).isZero();
        assertThat(of("10.1.0.51").state()).isEqualTo(NeighbourState.DELAY);
    }

    @Test
    void aNeighbourThatNeverAnswersFails() throws IOException {
        vethToPeer();
        run("sysctl -qw net.ipv4.neigh.v0.retrans_time_ms=200");
        assertThat(neighbours.refresh(devices.byName("v0").ifIndex(), address("10.1.0.99"))).isZero();
        assertThat(of("10.1.0.99").state()).isEqualTo(NeighbourState.INCOMPLETE);
        await("failure", () -> of("10.1.0.99").state() == NeighbourState.FAILED);
        assertThat(of("10.1.0.99").mac()).isZero();
    }

    @Test
    void refreshTellsWhyNot() throws IOException {
        vethToPeer();
        assertThat(neighbours.refresh(9999, address("10.1.0.2"))).isEqualTo(-Errno.ENODEV);
    }

    @Test
    void devicesAndAddresses() throws IOException {
        vethToPeer();
        ip("link set v0 address 02:00:00:00:00:01 mtu 1400");
        ip("link add br0 type bridge");
        ip("link set v0 master br0");
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        final NetworkDevice veth = devices.byName("v0");
        assertThat(veth.mac()).isEqualTo(0x02_00_00_00_00_01L);
        assertThat(veth.mtu()).isEqualTo(1400);
        assertThat(veth.up()).isTrue();
        assertThat(veth.running()).isTrue();
        assertThat(veth.ethernet()).isTrue();
        assertThat(veth.loopback()).isFalse();
        assertThat(veth.kind()).isEqualTo("veth");
        assertThat(veth.vlan()).isEqualTo(-1);
        assertThat(veth.master()).isEqualTo(devices.byName("br0").ifIndex());
        assertThat(devices.byIndex(veth.ifIndex())).isEqualTo(veth);
        assertThat(devices.byName("lo").loopback()).isTrue();
        assertThat(devices.byName("lo").ethernet()).isFalse();
        assertThat(devices.byName("br0").up()).isFalse();
        assertThat(devices.byName("none")).isNull();
        assertThat(devices.byName("a-name-that-is-far-too-long")).isNull();
        assertThat(devices.byIndex(9999)).isNull();
        assertThat(devices.all()).extracting(NetworkDevice::name).contains("lo", "v0", "br0");
        assertThat(devices.addresses()).contains(new LocalAddress(veth.ifIndex(), address("10.1.0.1"), 24, 0, 0x80));
        assertThat(devices.isLocal(address("10.1.0.1"))).isTrue();
        assertThat(devices.isLocal(address("2001:db8::1"))).isTrue();
        assertThat(devices.isLocal(address("127.9.9.9"))).isTrue();
        assertThat(devices.isLocal(address("10.1.0.2"))).isFalse();
        ipPeer("link set p0 down");
        await("no carrier", () -> !devices.byName("v0").running());
        assertThat(devices.byName("v0").up()).isTrue();
    }

    @Test
    void moreAddressesThanTheFirstReadHasRoomFor() throws IOException {
        vethToPeer();
        final StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            batch.append("addr add 10.9.").append(i / 200).append('.').append(i % 200 + 1).append("/32 dev v0\n");
        }
        feed(batch.toString(), "ip", "-batch", "-");
        assertThat(devices.addresses()).hasSizeGreaterThan(400);
        assertThat(devices.isLocal(address("10.9.1.200"))).isTrue();
    }
}
