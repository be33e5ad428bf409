package io.accel.nio;

import io.accel.udp.path.Ipv4;
import java.net.InetSocketAddress;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The address objects of the peers that a channel hears, so that a datagram costs no garbage and consecutive ones of a peer answer
 * with the identical object, as the JDK's do. The read side's owner only.
 */
final class SourceCache {
    private static final int MAX_PEERS = 4096;

    private final Long2ObjectHashMap<InetSocketAddress> peers = new Long2ObjectHashMap<>();
    private long lastKey = -1;
    private InetSocketAddress last;

    /** @param address IPv4, host order */
    InetSocketAddress get(int address, int port) {
        final long key = (address & 0xFFFFFFFFL) << 16 | port;
        return key == lastKey ? last : find(key, address, port);
    }

    private InetSocketAddress find(long key, int address, int port) {
        InetSocketAddress found = peers.get(key);
        if (found == null) {
            if (peers.size() >= MAX_PEERS) {
                peers.clear();
            }
            found = new InetSocketAddress(Ipv4.inetAddress(address), port);
            peers.put(key, found);
        }
        last = found;
        lastKey = key;
        return found;
    }
}
