package io.accel.udp.route;

import io.accel.core.memory.Memory;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The kernel's announcements of changes, as versions that caches compare. One thread drains when {@link #fd()} is readable (level
 * triggered); any thread reads the versions, which are published before {@code drain} returns.
 *
 * <p>A learned path MTU and a redirect are not announced: see {@link RouteTable}.
 */
public final class NetworkEvents implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final int RECORDS = 64;
    private static final int COUNT = 8;
    private static final int KNOWN_LIMIT = 4096;
    private static final int STRIPES = 64;
    private static final int FLUSHING = NetworkChange.ROUTE | NetworkChange.RULE | NetworkChange.ADDRESS | NetworkChange.LINK
        | NetworkChange.NEXTHOP | NetworkChange.OVERRUN;

    private record Key(int ifIndex, InetAddress address) {
    }

    private final NetlinkSocket socket;
    /** MAC of each neighbour last announced as usable; -1 unusable. */
    private final Map<Key, Long> known = new HashMap<>();
    private final AtomicLong version = new AtomicLong(1);
    private final AtomicLong neighbourVersion = new AtomicLong(1);
    private final AtomicLongArray neighbourVersions = new AtomicLongArray(STRIPES);

    private NetworkEvents(int receiveBuffer) throws IOException {
        this.socket = new NetlinkSocket(RouteNatives.openEvents(receiveBuffer), COUNT + RECORDS * Neighbours.SLOTS * Long.BYTES,
            "network events");
    }

    public static NetworkEvents open() throws IOException {
        return open(RECEIVE_BUFFER);
    }

    /** @param receiveBuffer bytes that the kernel may queue; what exceeds them is lost and told as OVERRUN */
    public static NetworkEvents open(int receiveBuffer) throws IOException {
        return new NetworkEvents(receiveBuffer);
    }

    /** Readable while events wait; for an epoll of the caller's, which must forget it before {@link #close()}. */
    public int fd() {
        return socket.fd();
    }

    /** Grows with each change of routes, rules, addresses, links or nexthops, and with each loss of events. */
    public long version() {
        return version.getOpaque();
    }

    /** Grows with each neighbour that came, went, got another MAC or became usable or unusable, and with each loss of events. */
    public long neighbourVersion() {
        return neighbourVersion.getOpaque();
    }

    /** As {@link #neighbourVersion()}, but only for neighbours on this interface (and on a few others, by hash). */
    public long neighbourVersion(int ifIndex) {
        return neighbourVersions.getOpaque(ifIndex & STRIPES - 1);
    }

    /**
     * Reads what waits and raises the versions; does not block.
     *
     * @return {@link NetworkChange} bits, 0 for nothing; a receive error counts as a loss of events
     */
    public int drain() {
        synchronized (socket) {
            int changes = 0;
            int count;
            do {
                final long records = socket.memory() + COUNT;
                final int bits = RouteNatives.drainEvents(socket.fd(), records, RECORDS, socket.memory());
                count = Memory.getInt(socket.memory());
                changes |= bits < 0 ? NetworkChange.OVERRUN : bits & ~NetworkChange.NEIGHBOUR;
                for (int i = 0; i < count; i++) {
                    changes |= neighbour(records + (long) i * Neighbours.SLOTS * Long.BYTES);
                }
            } while (count == RECORDS);
            publish(changes);
            return changes;
        }
    }

    private int neighbour(long record) {
        final int ifIndex = (int) socket.slot(record, Neighbours.IF_INDEX);
        final NeighbourState state = NeighbourState.ofKernel((int) socket.slot(record, Neighbours.STATE));
        final Long mac = state.usable() ? socket.slot(record, Neighbours.MAC) : -1;
        final Key key = new Key(ifIndex, socket.address(record, Neighbours.ADDRESS, (int) socket.slot(record, Neighbours.FAMILY)));
        if (known.size() >= KNOWN_LIMIT) {
            known.clear();
        }
        final Long before = state == NeighbourState.NONE ? known.remove(key) : known.put(key, mac);
        if (mac.equals(before)) {
            return NetworkChange.NEIGHBOUR_STATE;
        }
        neighbourVersions.getAndIncrement(ifIndex & STRIPES - 1);
        return NetworkChange.NEIGHBOUR;
    }

    private void publish(int changes) {
        if ((changes & NetworkChange.OVERRUN) != 0) {
            known.clear();
            for (int i = 0; i < STRIPES; i++) {
                neighbourVersions.getAndIncrement(i);
            }
        }
        if ((changes & (NetworkChange.NEIGHBOUR | NetworkChange.OVERRUN)) != 0) {
            neighbourVersion.getAndIncrement();
        }
        if ((changes & FLUSHING) != 0) {
            version.getAndIncrement();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
