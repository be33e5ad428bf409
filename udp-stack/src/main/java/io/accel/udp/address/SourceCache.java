package io.accel.udp.address;

import java.net.InetSocketAddress;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.Object2ObjectHashMap;

/**
 * The address objects of the peers that a channel hears, so that a datagram costs no garbage and consecutive ones of a peer answer
 * with the identical object, as the JDK's do. The owner of a channel's read side only.
 */
public final class SourceCache {
    private static final int MAX_PEERS = 65_536;

    private final Long2ObjectHashMap<InetSocketAddress> peers4 = new Long2ObjectHashMap<>();
    private final Object2ObjectHashMap<PeerKey, InetSocketAddress> peers6 = new Object2ObjectHashMap<>();
    private final PeerKey probe = new PeerKey();
    private long lastHigh;
    private long lastLow;
    /** No scoped port is negative: nothing is known yet. */
    private long lastScopedPort = -1;
    private InetSocketAddress last;

    /**
     * @param high       half of an {@link IpAddress}
     * @param low        the other half
     * @param scopedPort its port and scope
     */
    public InetSocketAddress get(long high, long low, long scopedPort) {
        return low == lastLow && scopedPort == lastScopedPort && high == lastHigh ? last : find(high, low, scopedPort);
    }

    private InetSocketAddress find(long high, long low, long scopedPort) {
        last = IpAddress.isIpv4(high, low) ? find4(low, scopedPort) : find6(high, low, scopedPort);
        lastHigh = high;
        lastLow = low;
        lastScopedPort = scopedPort;
        return last;
    }

    private InetSocketAddress find4(long low, long scopedPort) {
        final long key = low << Short.SIZE | ScopedPort.port(scopedPort);
        InetSocketAddress found = peers4.get(key);
        if (found == null) {
            if (peers4.size() >= MAX_PEERS) {
                peers4.clear();
            }
            found = make(0, low, scopedPort);
            peers4.put(key, found);
        }
        return found;
    }

    private InetSocketAddress find6(long high, long low, long scopedPort) {
        InetSocketAddress found = peers6.get(probe.set(high, low, scopedPort));
        if (found == null) {
            if (peers6.size() >= MAX_PEERS) {
                peers6.clear();
            }
            found = make(high, low, scopedPort);
            peers6.put(probe.copy(), found);
        }
        return found;
    }

    private static InetSocketAddress make(long high, long low, long scopedPort) {
        return new InetSocketAddress(IpAddress.inetAddress(high, low, ScopedPort.scope(scopedPort)), ScopedPort.port(scopedPort));
    }
}
