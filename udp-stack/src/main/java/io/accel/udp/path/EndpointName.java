package io.accel.udp.path;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;

/**
 * How an address and a port are named in the message medium's directory: {@code udp.PORT.ADDRESS} in hexadecimal. What is the same before
 * the last dot shares a version word, so one tells of every name of a port.
 */
public final class EndpointName {
    private EndpointName() {
    }

    /** Of a socket: {@code any} for the wildcard of both versions, {@code any4} or {@code any6} for that of one. */
    public static String of(BoundAddress bound, int port) {
        if (!bound.isWildcard()) {
            return exact(bound.address(), port);
        }
        return bound.takesIpv4() && bound.takesIpv6() ? dualStack(port) : wildcard(bound.address().version(), port);
    }

    /** @param address not a wildcard */
    public static String exact(IpAddress address, int port) {
        return prefix(port) + text(address);
    }

    /** Of one that is connected, for those who send from its peer. */
    public static String connected(IpAddress address, int port, IpAddress peer, int peerPort) {
        return exact(address, port) + "x" + text(peer) + "x" + Integer.toHexString(peerPort);
    }

    /** Of the wildcard of one version alone. */
    public static String wildcard(IpVersion version, int port) {
        return prefix(port) + (version == IpVersion.IPV4 ? "any4" : "any6");
    }

    /** Of the wildcard of both versions. */
    public static String dualStack(int port) {
        return prefix(port) + "any";
    }


    /** What a socket is named besides while others share its port; of the same stripe as the port's addresses. */
    public static String shared(int port) {
        return prefix(port) + "shared";
    }

    private static String prefix(int port) {
        return "udp." + Integer.toHexString(port) + ".";
    }

    private static String text(IpAddress address) {
        return address.isIpv4() ? Integer.toHexString(address.ipv4())
            : Long.toHexString(address.high()) + "x" + Long.toHexString(address.low())
                + (address.scope() == 0 ? "" : "s" + address.scope());
    }
}
