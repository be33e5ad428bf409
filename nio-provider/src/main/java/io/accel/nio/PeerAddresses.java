package io.accel.nio;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The address objects that packets were last sent to and received from, so that a packet, which holds address and port apart, costs no
 * new one. A direct-mapped table: two peers on one entry push each other out, which costs 24 bytes. Any thread.
 */
final class PeerAddresses {
    private static final int ENTRIES = 256;

    private final AtomicReferenceArray<InetSocketAddress> entries = new AtomicReferenceArray<>(ENTRIES);

    InetSocketAddress get(InetAddress address, int port) {
        final int entry = entry(address, port);
        final InetSocketAddress known = entries.getPlain(entry);
        if (is(known, address, port)) {
            return known;
        }
        final InetSocketAddress made = new InetSocketAddress(address, port);
        entries.setRelease(entry, made);
        return made;
    }

    /** Remembers a sender: an answer to it is likely. */
    void put(InetSocketAddress sender) {
        final int entry = entry(sender.getAddress(), sender.getPort());
        if (entries.getPlain(entry) != sender) {
            entries.setRelease(entry, sender);
        }
    }

    /** Whether it stands for that address; of IPv6 only for that very object, as scopes are no part of equality. */
    static boolean is(InetSocketAddress known, InetAddress address, int port) {
        return known != null && known.getPort() == port
            && (known.getAddress() == address || address instanceof Inet4Address && address.equals(known.getAddress()));
    }

    private static int entry(InetAddress address, int port) {
        final int hash = (address.hashCode() * 31 + port) * 0x9E3779B1;
        return hash >>> Integer.SIZE - Integer.numberOfTrailingZeros(ENTRIES);
    }
}
