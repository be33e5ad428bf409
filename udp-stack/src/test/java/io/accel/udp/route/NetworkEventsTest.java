package io.accel.udp.route;

import static io.accel.udp.testing.Namespace.await;
import static io.accel.udp.testing.Namespace.feed;
import static io.accel.udp.testing.Namespace.ip;
import static io.accel.udp.testing.Namespace.ipPeer;
import static io.accel.udp.testing.Namespace.vethToPeer;
import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.udp.testing.InNamespace;
import io.accel.udp.testing.Namespace;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@InNamespace
class NetworkEventsTest {
    /** What {@code ip} did is announced before it ends: one drain sees it. */
    private static void changes(NetworkEvents events, String command, int bits, boolean flushes) {
        final long version = events.version();
        ip(command);
        assertThat(events.drain() & bits).as(command).isEqualTo(bits);
        assertThat(events.version() > version).as(command).isEqualTo(flushes);
    }

    /** An IPv6 address is announced by the kernel's worker for duplicate detection, also where it is told to detect none. */
    private static void changesSoon(NetworkEvents events, String command, int bits) throws IOException {
        final long version = events.version();
        ip(command);
        final int[] seen = new int[1];
        await(command, () -> {
            seen[0] |= events.drain();
            return (seen[0] & bits) == bits;
        });
        assertThat(events.version()).as(command).isGreaterThan(version);
    }

    /** IPv6 goes on configuring the link by itself for a while. */
    private static void quiet() throws IOException {
        ip("link add v0 type veth peer name p0 netns " + Namespace.peer());
        ip("link set v0 addrgenmode none");
        ip("addr add 10.1.0.1/24 dev v0");
        ip("link set v0 up");
        ipPeer("link set p0 addrgenmode none");
        ipPeer("link set p0 up");
        try (NetworkDevices devices = NetworkDevices.open()) {
            await("carrier", () -> devices.byName("v0").running());
        }
    }

    @Test
    void everyKindOfChangeRaisesTheVersion() throws IOException {
        quiet();
        try (NetworkEvents events = NetworkEvents.open()) {
            await("silence", () -> events.drain() == 0);
            changes(events, "addr add 10.4.0.1/24 dev v0", NetworkChange.ADDRESS | NetworkChange.ROUTE, true);
            changes(events, "addr del 10.4.0.1/24 dev v0", NetworkChange.ADDRESS, true);
            changes(events, "route add 10.5.0.0/16 dev v0", NetworkChange.ROUTE, true);
            changes(events, "route del 10.5.0.0/16 dev v0", NetworkChange.ROUTE, true);
            changes(events, "rule add tos 0x10 lookup 100", NetworkChange.RULE, true);
            changes(events, "rule del tos 0x10 lookup 100", NetworkChange.RULE, true);
            changes(events, "nexthop add id 7 via 10.1.0.2 dev v0", NetworkChange.NEXTHOP, true);
            changes(events, "nexthop del id 7", NetworkChange.NEXTHOP, true);
            changes(events, "link set v0 mtu 1400", NetworkChange.LINK, true);
            changesSoon(events, "addr add 2001:db8::1/64 dev v0 nodad", NetworkChange.ADDRESS);
            changes(events, "-6 route add 2001:db8:1::/48 dev v0", NetworkChange.ROUTE, true);
            changes(events, "-6 rule add from 2001:db8::/32 lookup 100", NetworkChange.RULE, true);
            changes(events, "link set v0 down", NetworkChange.LINK, true);
            changes(events, "link del v0", NetworkChange.LINK, true);
        }
    }

    @Test
    void neighboursHaveAVersionOfTheirOwnThatConfirmationsDoNotRaise() throws IOException {
        quiet();
        try (NetworkDevices devices = NetworkDevices.open(); NetworkEvents events = NetworkEvents.open()) {
            final int v0 = devices.byName("v0").ifIndex();
            events.drain();
            final String mac = "neigh replace 10.1.0.50 lladdr 02:00:00:00:00:0";
            long version = events.neighbourVersion();
            final long other = events.neighbourVersion(v0 + 1);
            changes(events, mac + "1 dev v0 nud reachable", NetworkChange.NEIGHBOUR, false);
            assertThat(events.neighbourVersion()).isGreaterThan(version);
            assertThat(events.neighbourVersion(v0)).isPositive();

            version = events.neighbourVersion();
            final long here = events.neighbourVersion(v0);
            changes(events, mac + "1 dev v0 nud stale", NetworkChange.NEIGHBOUR_STATE, false);
            changes(events, mac + "1 dev v0 nud reachable", NetworkChange.NEIGHBOUR_STATE, false);
            assertThat(events.neighbourVersion()).as("the same MAC").isEqualTo(version);
            assertThat(events.neighbourVersion(v0)).isEqualTo(here);

            changes(events, mac + "2 dev v0 nud reachable", NetworkChange.NEIGHBOUR, false);
            assertThat(events.neighbourVersion()).as("another MAC").isGreaterThan(version);
            version = events.neighbourVersion();
            changes(events, "neigh replace 10.1.0.50 dev v0 nud failed", NetworkChange.NEIGHBOUR, false);
            assertThat(events.neighbourVersion()).as("unusable").isGreaterThan(version);
            version = events.neighbourVersion();
            changes(events, "neigh del 10.1.0.50 dev v0", NetworkChange.NEIGHBOUR_STATE, false);
            changes(events, mac + "1 dev v0 nud reachable", NetworkChange.NEIGHBOUR, false);
            version = events.neighbourVersion();
            changes(events, "neigh del 10.1.0.50 dev v0", NetworkChange.NEIGHBOUR, false);
            assertThat(events.neighbourVersion()).as("gone").isGreaterThan(version);
            assertThat(events.neighbourVersion(v0 + 1)).as("another interface").isEqualTo(other);
        }
    }

    @Test
    void lostEventsFlushEverything() throws IOException {
        quiet();
        final StringBuilder batch = new StringBuilder();
        for (int i = 1; i < 250; i++) {
            batch.append("route add 10.20.").append(i).append(".0/24 dev v0\n");
        }
        try (NetworkEvents events = NetworkEvents.open(4096)) {
            final long version = events.version();
            final long neighbours = events.neighbourVersion();
            feed(batch.toString(), "ip", "-batch", "-");
            assertThat(events.drain() & NetworkChange.OVERRUN).isNotZero();
            assertThat(events.version()).isGreaterThan(version);
            assertThat(events.neighbourVersion()).isGreaterThan(neighbours);
            assertThat(events.drain()).as("told once").isZero();
            changes(events, "route add 10.30.0.0/16 dev v0", NetworkChange.ROUTE, true);
        }
    }

    @Test
    void manyNeighboursInOneDrain() throws IOException {
        quiet();
        final StringBuilder batch = new StringBuilder();
        for (int i = 1; i < 200; i++) {
            batch.append("neigh add 10.1.0.").append(i + 1).append(" lladdr 02:00:00:00:01:00 dev v0 nud permanent\n");
        }
        try (NetworkEvents events = NetworkEvents.open()) {
            events.drain();
            final long version = events.neighbourVersion();
            feed(batch.toString(), "ip", "-batch", "-");
            assertThat(events.drain()).isEqualTo(NetworkChange.NEIGHBOUR);
            assertThat(events.neighbourVersion()).isGreaterThan(version);
            assertThat(events.drain()).isZero();
        }
    }

    @Test
    void theDescriptorWakesAnEpoll() throws IOException {
        vethToPeer();
        final int epoll = Posix.epollCreate();
        final long records = Memory.allocateAligned(16, 8);
        try (NetworkEvents events = NetworkEvents.open()) {
            assertThat(Posix.epollCtl(epoll, 1, events.fd(), 1, 42)).isZero();
            await("silence", () -> events.drain() == 0 && Posix.epollWait(epoll, records, 1, 0) == 0);
            ip("route add 10.5.0.0/16 dev v0");
            assertThat(Posix.epollWait(epoll, records, 1, 0)).isEqualTo(1);
            assertThat(Memory.getLong(records + 8)).isEqualTo(42);
            assertThat(Posix.epollCtl(epoll, 2, events.fd(), 0, 0)).isZero();
        } finally {
            Posix.close(epoll);
            Memory.freeAligned(records);
        }
    }
}
