package io.accel.udp.route;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A UDP socket of this network namespace, anybody's.
 *
 * @param inode      identifies it: st_ino of its descriptor; 0 for one that is being closed
 * @param ipv6Only   whether an IPv6 socket takes no IPv4
 * @param local      bound address; a dual-stack socket's IPv4 address is an Inet4Address here
 * @param remote     connected peer, or a wildcard
 * @param remotePort 0 when not connected
 * @param device     interface index it is bound to, or 0
 * @param user       owner's user id
 */
public record BoundSocket(long inode, boolean ipv6, boolean ipv6Only, InetAddress local, InetAddress remote, int remotePort, int device,
                          int user) {
    /** Where it takes datagrams, connected or not. */
    public BoundAddress bound() {
        return new BoundAddress(IpAddress.of(local).on(device), !ipv6 || !ipv6Only, ipv6);
    }

    /** Whether datagrams to an address (a group too, joined or not: IP_MULTICAST_ALL is on by default) can reach it. */
    public boolean receives(InetAddress address) {
        if (!local.isAnyLocalAddress()) {
            return local.equals(address);
        }
        if (address instanceof Inet4Address) {
            return !ipv6 || !ipv6Only && (remotePort == 0 || remote instanceof Inet4Address);
        }
        return local instanceof Inet6Address && (remotePort == 0 || remote instanceof Inet6Address);
    }
}
