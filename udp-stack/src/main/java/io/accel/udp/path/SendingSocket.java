package io.accel.udp.path;

import io.accel.core.shm.ShmDomain;
import io.accel.udp.address.IpAddress;
import io.accel.udp.route.MtuDiscovery;
import io.accel.udp.route.Route;
import io.accel.udp.wire.Ipv4Header;
import io.accel.udp.wire.Ipv6Header;
import io.accel.udp.wire.Udp6Frame;
import io.accel.udp.wire.UdpFrame;
import io.accel.udp.wire.UdpHeader;

/**
 * What a path may depend on beside the destination; options are those for the destination's IP version.
 *
 * @param source       what the socket is bound or connected to; a wildcard: none
 * @param port         its local port
 * @param device       interface index that it is bound to, or 0
 * @param trafficClass IP_TOS, or IPV6_TCLASS
 * @param mtuDiscovery when its datagrams may be fragmented
 * @param messages     the message medium that it is on, or null
 */
public record SendingSocket(IpAddress source, int port, int device, int trafficClass, MtuDiscovery mtuDiscovery, ShmDomain messages) {
    /** Bytes of the headers between a link's MTU and the payload. */
    static int headersTo(IpAddress destination) {
        return (destination.isIpv4() ? Ipv4Header.BYTES : Ipv6Header.BYTES) + UdpHeader.BYTES;
    }

    /**
     * Longest payload that the kernel would take for a destination on this host. What is longer than the device's MTU it cuts, which
     * nobody sees, or refuses where the socket forbids that.
     */
    int longestOnHost(Route route, IpAddress destination) {
        final int most = destination.isIpv4() ? UdpFrame.MAX_PAYLOAD : Udp6Frame.MAX_PAYLOAD;
        return mtuDiscovery == MtuDiscovery.DO ? Math.min(route.mtu() - headersTo(destination), most) : most;
    }
}
