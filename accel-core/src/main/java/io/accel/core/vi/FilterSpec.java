package io.accel.core.vi;

import java.net.InetAddress;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The rule that steers packets to a VI, in ef_vi's terms. Immutable; absent fields match anything. Which combinations a datapath
 * takes is its own affair, and a refusal says why.
 *
 * @param scope      {@link FilterScope#STREAM}, or a class of traffic, with which few of the fields go
 * @param mac        destination MAC address, the first byte uppermost of 48 bits, or empty
 * @param etherType  host byte order, or empty
 * @param vlan       VLAN id 0 to 4095, or empty
 * @param ipProtocol IP protocol number, or empty
 * @param local      destination address of the packet, or null
 * @param localPort  destination port of the packet, or empty
 * @param remote     source address of the packet, or null
 * @param remotePort source port of the packet, or empty
 * @param queue      the NIC's receive queue that it must come by, or empty
 */
public record FilterSpec(FilterScope scope, OptionalLong mac, OptionalInt etherType, OptionalInt vlan, OptionalInt ipProtocol,
                         InetAddress local, OptionalInt localPort, InetAddress remote, OptionalInt remotePort, OptionalInt queue) {
    /** IANA protocol number of UDP. */
    public static final int UDP = 17;

    private static final FilterSpec ANYTHING = new FilterSpec(FilterScope.STREAM, OptionalLong.empty(), OptionalInt.empty(),
        OptionalInt.empty(), OptionalInt.empty(), null, OptionalInt.empty(), null, OptionalInt.empty(), OptionalInt.empty());
    private static final int MAC_BITS = 48;
    private static final int MULTICAST_BIT = 40;

    public FilterSpec {
        Objects.requireNonNull(scope, "scope");
        checkRange("ether type", etherType, 0xFFFF);
        checkRange("VLAN", vlan, 4095);
        checkRange("IP protocol", ipProtocol, 255);
        checkRange("local port", localPort, 0xFFFF);
        checkRange("remote port", remotePort, 0xFFFF);
        checkRange("queue", queue, 0xFFFF);
        if (mac.isPresent() && mac.getAsLong() >>> MAC_BITS != 0) {
            throw new IllegalArgumentException("MAC address 0x" + Long.toHexString(mac.getAsLong()) + " has more than 48 bits");
        }
    }

    /** UDP to one local address and port, from anybody: {@code ef_filter_spec_set_ip4_local} and its IPv6 twin. */
    public static FilterSpec udpLocal(InetAddress local, int localPort) {
        Objects.requireNonNull(local, "a filter always holds a local address");
        return ANYTHING.withIpProtocol(UDP).withEnds(local, OptionalInt.of(localPort), null, OptionalInt.empty());
    }

    /** UDP between one remote and one local end: {@code ef_filter_spec_set_ip4_full} and its IPv6 twin. */
    public static FilterSpec udpFull(InetAddress local, int localPort, InetAddress remote, int remotePort) {
        Objects.requireNonNull(local, "a filter always holds a local address");
        Objects.requireNonNull(remote, "a full filter holds a remote address");
        return ANYTHING.withIpProtocol(UDP).withEnds(local, OptionalInt.of(localPort), remote, OptionalInt.of(remotePort));
    }

    /** Every frame of an ether type: {@code ef_filter_spec_set_eth_type}. */
    public static FilterSpec ofEtherType(int etherType) {
        return ANYTHING.withEtherType(etherType);
    }

    /** IPv4 of a protocol: {@code ef_filter_spec_set_ip_proto}. */
    public static FilterSpec ofIpProtocol(int ipProtocol) {
        return ANYTHING.withIpProtocol(ipProtocol);
    }

    /** Every frame to a MAC address: {@code ef_filter_spec_set_eth_local}. */
    public static FilterSpec ofMac(long mac) {
        return ANYTHING.withMac(mac);
    }

    /** A class of the port's traffic. */
    public static FilterSpec of(FilterScope scope) {
        return new FilterSpec(scope, ANYTHING.mac, ANYTHING.etherType, ANYTHING.vlan, ANYTHING.ipProtocol, null, ANYTHING.localPort, null,
            ANYTHING.remotePort, ANYTHING.queue);
    }

    private FilterSpec withEnds(InetAddress here, OptionalInt herePort, InetAddress there, OptionalInt therePort) {
        return new FilterSpec(scope, mac, etherType, vlan, ipProtocol, here, herePort, there, therePort, queue);
    }

    /** The same, of this ether type. */
    public FilterSpec withEtherType(int type) {
        return new FilterSpec(scope, mac, OptionalInt.of(type), vlan, ipProtocol, local, localPort, remote, remotePort, queue);
    }

    /** The same, of this IP protocol. */
    public FilterSpec withIpProtocol(int protocol) {
        return new FilterSpec(scope, mac, etherType, vlan, OptionalInt.of(protocol), local, localPort, remote, remotePort, queue);
    }

    /** The same, to this MAC address. */
    public FilterSpec withMac(long address) {
        return new FilterSpec(scope, OptionalLong.of(address), etherType, vlan, ipProtocol, local, localPort, remote, remotePort, queue);
    }

    /** The same, within a VLAN. */
    public FilterSpec withVlan(int id) {
        return new FilterSpec(scope, mac, etherType, OptionalInt.of(id), ipProtocol, local, localPort, remote, remotePort, queue);
    }

    /** The same, by this receive queue of the NIC. */
    public FilterSpec withQueue(int number) {
        return new FilterSpec(scope, mac, etherType, vlan, ipProtocol, local, localPort, remote, remotePort, OptionalInt.of(number));
    }

    /** Whether what it takes is multicast: by its address, its MAC address, or as a class. */
    public boolean isMulticast() {
        return scope.isMulticast() || local != null && local.isMulticastAddress()
            || mac.isPresent() && (mac.getAsLong() >>> MULTICAST_BIT & 1) != 0;
    }

    /** Whether it is UDP to an address and port, from one remote end or from any, and nothing else. */
    public boolean isPlainUdp() {
        return scope == FilterScope.STREAM && mac.isEmpty() && etherType.isEmpty() && vlan.isEmpty() && queue.isEmpty()
            && ipProtocol.orElse(-1) == UDP && local != null && localPort.isPresent() && (remote == null) == remotePort.isEmpty();
    }

    private static void checkRange(String what, OptionalInt value, int max) {
        if (value.isPresent() && (value.getAsInt() < 0 || value.getAsInt() > max)) {
            throw new IllegalArgumentException(what + " " + value.getAsInt() + " is not in 0.." + max);
        }
    }
}
