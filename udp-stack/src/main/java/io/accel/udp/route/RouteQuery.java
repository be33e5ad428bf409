package io.accel.udp.route;

import java.net.InetAddress;

/**
 * What policy routing may look at when a UDP datagram leaves.
 *
 * @param destination     unicast, broadcast or group address
 * @param source          the address the socket is bound to, or null for the wildcard
 * @param sourcePort      0 when unknown
 * @param destinationPort 0 when unknown
 * @param tos             the whole octet (IP_TOS); only its DSCP counts
 * @param device          interface index the socket is bound to (SO_BINDTODEVICE), or 0
 */
public record RouteQuery(InetAddress destination, InetAddress source, int sourcePort, int destinationPort, int tos, int device) {
    /** A query of an unbound socket without options. */
    public static RouteQuery to(InetAddress destination) {
        return new RouteQuery(destination, null, 0, 0, 0, 0);
    }
}
