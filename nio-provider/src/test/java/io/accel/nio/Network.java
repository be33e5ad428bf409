package io.accel.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Arrays;

/**
 * Where the channel under test and its peer are, by the property {@code accel.test.network}: both on the loopback interface, or each at
 * its end of a wire that {@code src/test/wire/bin/java} has made.
 */
enum Network {
    /** Shared memory, or with {@code accel.interfaces=none} the kernel. */
    LOOPBACK("127.0.0.1", "127.7.8.9", "127.0.0.1", "::1", "::1", "lo"),
    /** AF_XDP on both ends of a veth pair; a kernel socket may be at either. */
    AFXDP("10.77.0.1", "10.77.0.3", "10.77.0.2", "fd00:77::1", "fd00:77::2", "near"),
    /** ef_vi on both ends of a veth pair, a simulated NIC each; a kernel socket may be at either. */
    EFVI("10.77.0.1", "10.77.0.3", "10.77.0.2", "fd00:77::1", "fd00:77::2", "near"),
    /** A pair of VIs in memory in place of the NICs at both ends; kernel sockets do not hear it. */
    PAIR("10.77.0.1", "10.77.0.3", "10.77.0.2", "fd00:77::1", "fd00:77::2", "near");

    /** That of this JVM. */
    static final Network HERE = valueOf(System.getProperty("accel.test.network", "loopback").toUpperCase(java.util.Locale.ROOT));
    /** Payload that fits into one packet on a wire with an MTU of 1500. */
    private static final int WIRE_PAYLOAD = 1472;
    private static final int WIRE_PAYLOAD_IPV6 = 1452;
    private static final int MAX_PAYLOAD = 65_507;
    private static final int MAX_PAYLOAD_IPV6 = 65_527;

    private final InetAddress near;
    private final InetAddress otherNear;
    private final InetAddress far;
    private final InetAddress nearIpv6;
    private final InetAddress farIpv6;
    private final String nearInterface;

    Network(String near, String otherNear, String far, String nearIpv6, String farIpv6, String nearInterface) {
        try {
            this.near = InetAddress.getByName(near);
            this.otherNear = InetAddress.getByName(otherNear);
            this.far = InetAddress.getByName(far);
            this.nearIpv6 = InetAddress.getByName(nearIpv6);
            this.farIpv6 = InetAddress.getByName(farIpv6);
        } catch (final IOException e) {
            throw new AssertionError("literal addresses", e);
        }
        this.nearInterface = nearInterface;
    }

    /** Why there is no such network, or null. */
    static String refusal() {
        return System.getProperty("accel.test.refusal");
    }

    /** Of the channel under test. */
    InetAddress near() {
        return near;
    }

    /** Another one of the same host. */
    InetAddress otherNear() {
        return otherNear;
    }

    /** Of its peer. */
    InetAddress far() {
        return far;
    }

    /** Of the channel under test. */
    InetAddress nearIpv6() {
        return nearIpv6;
    }

    /** Of its peer. */
    InetAddress farIpv6() {
        return farIpv6;
    }

    /** Where the channel under test joins its groups, and what its peer sends multicast through. */
    NetworkInterface nearInterface() throws IOException {
        return NetworkInterface.getByName(nearInterface);
    }

    NetworkInterface farInterface() throws IOException {
        return NetworkInterface.getByInetAddress(far);
    }

    boolean isWire() {
        return this != LOOPBACK;
    }

    /** Longest datagram that has a fast path. */
    int maxFastPayload() {
        return isWire() ? WIRE_PAYLOAD : MAX_PAYLOAD;
    }

    /** Longest datagram over IPv6 that has a fast path. */
    int maxFastPayloadIpv6() {
        return isWire() ? WIRE_PAYLOAD_IPV6 : MAX_PAYLOAD_IPV6;
    }

    /** Whether every datagram of a sender of ours takes the fast path. */
    boolean isFastFrom(boolean sender, boolean receiver) {
        return isAccelerated() && sender && (receiver || this == AFXDP || this == EFVI);
    }

    /** Whether every datagram to a receiver of ours takes the fast path. */
    boolean isFastTo(boolean sender, boolean receiver) {
        return isFastFrom(receiver, sender);
    }

    private static boolean isAccelerated() {
        return !"none".equals(System.getProperty("accel.interfaces"));
    }

    /** The pairings that make sense here. */
    Pairing[] pairings() {
        return this == PAIR ? new Pairing[] {Pairing.JDK_WITH_JDK, Pairing.OURS_WITH_OURS} : Arrays.copyOf(Pairing.values(), 4);
    }
}
