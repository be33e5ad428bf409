package io.accel.udp.socket;

import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import io.accel.udp.route.MtuDiscovery;

/**
 * What the shadow's options say about the fast path. The kernel is asked rather than the program's calls remembered: defaults come from
 * the system's settings, and an IPv6 socket has a traffic class of its own for IPv4.
 *
 * @param tos          the octet of DSCP and ECN in IPv4 headers (IP_TOS)
 * @param mtuDiscovery when datagrams may be fragmented (IP_MTU_DISCOVER)
 * @param receiveBytes SO_RCVBUF as the kernel accounts: twice what was asked for
 * @param mayShare     whether others may bind the port too (SO_REUSEADDR, SO_REUSEPORT)
 */
public record ShadowOptions(int tos, MtuDiscovery mtuDiscovery, int receiveBytes, boolean mayShare) {
    // asm-generic/socket.h and linux/in.h, on x86-64 and AArch64
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVBUF = 8;
    private static final int SO_REUSEPORT = 15;
    private static final int IPPROTO_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IP_MTU_DISCOVER = 10;

    /** Asks the kernel. @param fd a UDP socket of either family */
    public static ShadowOptions read(int fd) {
        return new ShadowOptions(get(fd, IPPROTO_IP, IP_TOS), MtuDiscovery.ofKernel(get(fd, IPPROTO_IP, IP_MTU_DISCOVER)),
            get(fd, SOL_SOCKET, SO_RCVBUF), get(fd, SOL_SOCKET, SO_REUSEADDR) != 0 || get(fd, SOL_SOCKET, SO_REUSEPORT) != 0);
    }

    private static int get(int fd, int level, int option) {
        final int value = Posix.socketOption(fd, level, option);
        if (value < 0) {
            throw new IllegalArgumentException("descriptor " + fd + " is no open UDP socket: " + Errno.text(value));
        }
        return value;
    }
}
