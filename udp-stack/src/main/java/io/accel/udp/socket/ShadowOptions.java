package io.accel.udp.socket;

import io.accel.udp.address.IpVersion;
import io.accel.udp.route.MtuDiscovery;

/**
 * What the shadow's options say about the fast path. The kernel is asked rather than the program's calls remembered: defaults come from
 * the system's settings, and an IPv6 socket has options of its own for each version.
 *
 * @param ipv4         for datagrams over IPv4
 * @param ipv6         for datagrams over IPv6; as IPv4's on a socket that sends none
 * @param receiveBytes SO_RCVBUF as the kernel accounts: twice what was asked for
 * @param mayShare     whether others may bind the port too (SO_REUSEADDR, SO_REUSEPORT)
 */
public record ShadowOptions(Sending ipv4, Sending ipv6, int receiveBytes, boolean mayShare) {
    // asm-generic/socket.h, linux/in.h and linux/in6.h, on x86-64 and AArch64
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVBUF = 8;
    private static final int SO_REUSEPORT = 15;
    private static final int IPPROTO_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final int IPV6_TCLASS = 67;

    /**
     * What one version's headers follow.
     *
     * @param trafficClass the octet of DSCP and ECN (IP_TOS, IPV6_TCLASS)
     * @param mtuDiscovery when datagrams may be fragmented (IP_MTU_DISCOVER, IPV6_MTU_DISCOVER)
     */
    public record Sending(int trafficClass, MtuDiscovery mtuDiscovery) {
        private static Sending read(int fd, int level, int trafficClass, int mtuDiscovery) {
            return new Sending(KernelSocket.option(fd, level, trafficClass),
                MtuDiscovery.ofKernel(KernelSocket.option(fd, level, mtuDiscovery)));
        }
    }

    /** Asks the kernel. @param fd a UDP socket of either family */
    public static ShadowOptions read(int fd) {
        final Sending four = Sending.read(fd, IPPROTO_IP, IP_TOS, IP_MTU_DISCOVER);
        final Sending six = KernelSocket.isIpv6(fd) ? Sending.read(fd, IPPROTO_IPV6, IPV6_TCLASS, IPV6_MTU_DISCOVER) : four;
        return new ShadowOptions(four, six, KernelSocket.option(fd, SOL_SOCKET, SO_RCVBUF),
            KernelSocket.option(fd, SOL_SOCKET, SO_REUSEADDR) != 0 || KernelSocket.option(fd, SOL_SOCKET, SO_REUSEPORT) != 0);
    }

    /** For datagrams over this version. */
    public Sending sending(IpVersion version) {
        return version == IpVersion.IPV4 ? ipv4 : ipv6;
    }
}
