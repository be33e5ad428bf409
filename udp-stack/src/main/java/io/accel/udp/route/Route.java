package io.accel.udp.route;

import java.net.InetAddress;

/**
 * The kernel's answer for one destination.
 *
 * @param type          what happens to the datagram; the other components only mean something for the types that name a device
 * @param ifIndex       outgoing interface, 0 without one; the loopback interface for LOCAL
 * @param ifName        its name, "" without one
 * @param source        the source address that the kernel would choose, or the one asked with; null without one
 * @param nextHop       the gateway, or the destination itself when it is on the link
 * @param gateway       whether the next hop is a gateway
 * @param mtu           path MTU in bytes: what was learned, the route's metric or the device's, whichever the kernel would use
 * @param mtuLearned    whether the MTU was learned from ICMP and will expire
 * @param mtuLocked     whether the route's MTU is locked: the kernel then sends without DF
 * @param hopLimit      of datagrams that a socket sends this way; 0 for the host's default for IPv4 (ip_default_ttl)
 * @param unsupported   whether the kernel does more than send to the next hop: an encapsulation, or a gateway of the other family
 * @param table         routing table that answered (254 main, 255 local)
 * @param errno         positive errno in place of a route, or 0
 */
public record Route(RouteType type, int ifIndex, String ifName, InetAddress source, InetAddress nextHop, boolean gateway, int mtu,
                    boolean mtuLearned, boolean mtuLocked, int hopLimit, boolean unsupported, int table, int errno) {
    static Route failed(int errno) {
        return new Route(RouteType.ofErrno(errno), 0, "", null, null, false, 0, false, false, 0, false, 0, errno);
    }
}
