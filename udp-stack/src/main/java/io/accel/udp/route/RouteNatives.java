package io.accel.udp.route;

import io.accel.core.natives.Natives;

/**
 * Netlink, in C (native/src/route). Addresses are raw; results are values or negated errno. Records are arrays of 64-bit slots in host
 * order, laid out by the enums of route.h and by the constants of the class that reads them; an internet address takes two slots and
 * is in network order, IPv4 in its first 4 bytes.
 */
final class RouteNatives {
    static {
        Natives.register(RouteNatives.class, "route");
    }

    private RouteNatives() {
    }

    static native int openRoute();

    static native int openInventory();

    static native int openEvents(int receiveBuffer);

    /** NetworkChange bits; {@code count} (an int) receives how many neighbour records were written. */
    static native int drainEvents(int fd, long out, int max, long count);

    static native int lookupRoute(int fd, int family, long destination, long source, int sourcePort, int destinationPort, int tos,
        int device, long out);

    /** The route of a packet that came in by a device, with all that the kernel checks of its source. */
    static native int lookupArrival(int fd, int family, long destination, long source, int device, long out);

    static native int lookupNeighbour(int fd, int device, int family, long address, long out);

    static native int useNeighbour(int fd, int device, int family, long address);

    static native int deviceByIndex(int fd, int device, long out);

    static native int deviceByName(int fd, String name, long out);

    /** How many there are; at most {@code max} are written. */
    static native int devices(int fd, long out, int max);

    /** How many there are; at most {@code max} are written. */
    static native int addresses(int fd, long out, int max);

    /** UDP sockets on a port: how many there are; at most {@code max} are written. */
    static native int sockets(int fd, int port, long out, int max);

    /** One check of firewall.h: 0 clear, 1 may match, or negated errno; {@code text} receives what matches, NUL-terminated. */
    static native int firewall(int check, String device, int index, boolean ipv6, long text, int size);

    static native long socketInode(int fd);

    /**
     * Parses a datagram as if the kernel had sent it; {@code kind}: 0 route, 1 neighbour, 2 link, 3 address, 4 event,
     * 5 socket on port 0x0707, 6 nftables chain, 7 nftables rule.
     */
    static native int replay(int kind, long datagram, int length, long out, int max);
}
