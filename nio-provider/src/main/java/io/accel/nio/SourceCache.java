package io.accel.nio;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
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
            found = new InetSocketAddress(inetAddress(address), port);
            peers.put(key, found);
        }
        last = found;
        lastKey = key;
        return found;
    }

    private static InetAddress inetAddress(int address) {
        try {
            return InetAddress.getByAddress(
                new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address});
        } catch (final UnknownHostException e) {
            throw new AssertionError("four bytes are an IPv4 address", e);
        }
    }
}
