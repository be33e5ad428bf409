package io.accel.udp.socket;

import io.accel.udp.path.Ipv4;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What the kernel made of a bind: the shadow's descriptor and address.
 *
 * @param fd    the shadow's descriptor
 * @param local where the kernel bound it
 */
public record ShadowAddress(int fd, InetSocketAddress local) {
    public int port() {
        return local.getPort();
    }

    /** Whether IPv4 datagrams can arrive: bound to an IPv4 address, or to the wildcard of either family. */
    public boolean takesIpv4() {
        final InetAddress address = local.getAddress();
        return address instanceof Inet4Address || address.isAnyLocalAddress();
    }

    /** The IPv4 address bound to, host order; 0: the wildcard. */
    public int boundIpv4() {
        return ipv4(local);
    }

    /** The IPv4 address, host order; 0 when it is not IPv4. */
    public static int ipv4(InetSocketAddress local) {
        final InetAddress address = local.getAddress();
        return address instanceof Inet4Address ? Ipv4.toInt(address) : 0;
    }
}
