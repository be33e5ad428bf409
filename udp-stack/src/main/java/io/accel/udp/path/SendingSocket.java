package io.accel.udp.path;

import io.accel.core.shm.ShmDomain;
import io.accel.udp.address.IpAddress;
import io.accel.udp.route.MtuDiscovery;

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
}
