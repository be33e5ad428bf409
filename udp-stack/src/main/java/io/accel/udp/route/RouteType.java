package io.accel.udp.route;

import io.accel.core.natives.Errno;

/** What the kernel does with datagrams to a destination (linux/rtnetlink.h, RTN_). */
public enum RouteType {
    UNICAST, LOCAL, BROADCAST, MULTICAST, UNREACHABLE, PROHIBIT,
    /** The kernel refused with EINVAL: a blackhole route, or a source address that is not local. */
    BLACKHOLE,
    /** No route. */
    NONE,
    /** A type that is none of these (anycast, NAT), or the question failed: {@link Route#errno()}. */
    OTHER;

    static RouteType ofKernel(int rtn) {
        return switch (rtn) {
            case 1 -> UNICAST;
            case 2 -> LOCAL;
            case 3 -> BROADCAST;
            case 5 -> MULTICAST;
            case 6 -> BLACKHOLE;
            case 7 -> UNREACHABLE;
            case 8 -> PROHIBIT;
            default -> OTHER;
        };
    }

    /** From the error that the kernel answers instead of a route (fib_semantics.c, fib_props). */
    static RouteType ofErrno(int errno) {
        return switch (errno) {
            case Errno.ENETUNREACH -> NONE;
            case Errno.EHOSTUNREACH -> UNREACHABLE;
            case Errno.EACCES -> PROHIBIT;
            case Errno.EINVAL -> BLACKHOLE;
            default -> OTHER;
        };
    }
}
