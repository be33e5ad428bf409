package io.accel.udp.group;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;
import java.io.IOException;

/**
 * What the kernel does with the group datagrams of one IP version that a socket sends, and with those to groups that it did not join.
 * Asked of the kernel, since the options of a dual-stack channel only reach its IPv6 half.
 *
 * @param interfaceAddress IP_MULTICAST_IF; the wildcard: the route decides, or it is IPv6
 * @param interfaceIndex   IPV6_MULTICAST_IF; 0: the route decides, or it is IPv4
 * @param ttl              IP_MULTICAST_TTL or IPV6_MULTICAST_HOPS, 0 to 255; 0 stays on this host
 * @param loop             IP_MULTICAST_LOOP or IPV6_MULTICAST_LOOP: members on this host get it too
 * @param all              IP_MULTICAST_ALL or IPV6_MULTICAST_ALL: it hears groups that any socket of this host has joined
 */
public record MulticastOptions(IpAddress interfaceAddress, int interfaceIndex, int ttl, boolean loop, boolean all) {
    private static final int INTS = 5;

    /** Asks the kernel. @throws IOException when the socket is not of this version */
    public static MulticastOptions of(int fd, IpVersion version) throws IOException {
        final long out = Memory.allocateAligned(INTS * Integer.BYTES, Long.BYTES);
        try {
            final int error = GroupNatives.options(fd, version == IpVersion.IPV6, out);
            if (error != 0) {
                throw new IOException("the kernel does not tell a socket's multicast options: " + Errno.text(error));
            }
            return new MulticastOptions(IpAddress.ipv4(Memory.getInt(out)), Memory.getInt(out + 4), Memory.getInt(out + 8),
                Memory.getInt(out + 12) != 0, Memory.getInt(out + 16) != 0);
        } finally {
            Memory.freeAligned(out);
        }
    }
}
