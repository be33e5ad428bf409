package io.accel.udp.route;

/** When a socket's datagrams carry the DF bit, and when they may be fragmented (IP_MTU_DISCOVER, ip(7)). */
public enum MtuDiscovery {
    /** Never DF: IP_DONTFRAGMENT was set to false, or net.ipv4.ip_no_pmtu_disc was set when the socket was made. */
    DONT,
    /** DF where the datagram fits the path MTU, fragments where it does not: the default. */
    WANT,
    /** Always DF; what exceeds the path MTU is refused with EMSGSIZE: IP_DONTFRAGMENT. */
    DO;

    /** From linux/in.h, IP_PMTUDISC_; its other values, which Java cannot set, are nearest to these. */
    public static MtuDiscovery ofKernel(int value) {
        return switch (value) {
            case 0, 5 -> DONT;
            case 2, 3 -> DO;
            default -> WANT;
        };
    }

    /**
     * Whether a datagram that fits is sent with DF (include/net/ip.h, ip_dont_fragment).
     *
     * @param mtuLocked whether the route's MTU is locked: paths that swallow what should tell of a smaller MTU
     */
    public boolean dontFragment(boolean mtuLocked) {
        return this == DO || this == WANT && !mtuLocked;
    }
}
