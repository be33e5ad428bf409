package io.accel.udp.group;

import io.accel.core.natives.Natives;

/** What only C can do with a socket's groups (native/src/group). Addresses in memory and arguments in host order; results 0 or -errno. */
final class GroupNatives {
    static {
        Natives.register(GroupNatives.class, "group");
    }

    private GroupNatives() {
    }

    /** Writes five ints: the address of IP_MULTICAST_IF, the index of IPV6_MULTICAST_IF, TTL or hops, LOOP, ALL, of that version. */
    static native int options(int fd, boolean ipv6, long out);

    /** Replaces the socket's filter: it does not receive tagged copies to these IPv4 groups, {@code count} ints; 0: no filter. */
    static native int dropCopies(int fd, int tag, long groups, int count);

    /** Sends without blocking, with the tag: bytes or -errno. */
    static native int sendCopy(int fd, int tag, int group, int port, long payload, int length);
}
