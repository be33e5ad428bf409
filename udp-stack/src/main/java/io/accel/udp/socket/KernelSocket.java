package io.accel.udp.socket;

import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;

/**
 * What the kernel alone knows of a socket: by bind and connect to a link-local address it ties the socket to a device by itself
 * (net/ipv6/af_inet6.c, net/ipv6/datagram.c), and by disconnect it unties it.
 *
 * @param takesIpv4 whether it is of IPv4, or of IPv6 without IPV6_V6ONLY
 * @param takesIpv6 whether it is of IPv6
 * @param device    interface index that it sends and receives through alone, or 0
 */
public record KernelSocket(boolean takesIpv4, boolean takesIpv6, int device) {
    // asm-generic/socket.h and linux/in6.h, on x86-64 and AArch64
    private static final int SOL_SOCKET = 1;
    private static final int SO_DOMAIN = 39;
    private static final int SO_BINDTOIFINDEX = 62;
    private static final int AF_INET6 = 10;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    /** As it is now. @param fd a UDP socket of either family */
    public static KernelSocket of(int fd) {
        final boolean six = isIpv6(fd);
        // Kernels before 5.1 do not tell the device, and have no fast path either.
        final int device = Math.max(Posix.socketOption(fd, SOL_SOCKET, SO_BINDTOIFINDEX), 0);
        return new KernelSocket(!six || option(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 0, six, device);
    }

    /** Whether the socket is of IPv6, alone or with IPv4. @param fd a UDP socket of either family */
    public static boolean isIpv6(int fd) {
        return option(fd, SOL_SOCKET, SO_DOMAIN) == AF_INET6;
    }

    static int option(int fd, int level, int option) {
        final int value = Posix.socketOption(fd, level, option);
        if (value < 0) {
            throw new IllegalArgumentException("descriptor " + fd + " is no open UDP socket: " + Errno.text(value));
        }
        return value;
    }
}
