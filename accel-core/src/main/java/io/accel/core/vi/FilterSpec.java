package io.accel.core.vi;

import java.net.InetAddress;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The rule that steers packets to a VI, in ef_vi's terms. Immutable; absent fields match anything. Which combinations a datapath
 * takes is its own affair, and a refusal says why.
 *
 * @param etherType  host byte order, or empty
 * @param vlan       VLAN id 0 to 4095, or empty
 * @param ipProtocol IP protocol number, or empty
 * @param local      destination address of the packet, or null
 * @param localPort  destination port of the packet, or empty
 * @param remote     source address of the packet, or null
 * @param remotePort source port of the packet, or empty
 */
public record FilterSpec(OptionalInt etherType, OptionalInt vlan, OptionalInt ipProtocol, InetAddress local, OptionalInt localPort,
                         InetAddress remote, OptionalInt remotePort) {
    /** IANA protocol number of UDP. */
    public static final int UDP = 17;

    public FilterSpec {
        checkRange("ether type", etherType, 0xFFFF);
        checkRange("VLAN", vlan, 4095);
        checkRange("IP protocol", ipProtocol, 255);
        checkRange("local port", localPort, 0xFFFF);
        checkRange("remote port", remotePort, 0xFFFF);
    }

    /** UDP to one local address and port, from anybody: {@code ef_filter_spec_set_ip4_local} and its IPv6 twin. */
    public static FilterSpec udpLocal(InetAddress local, int localPort) {
        Objects.requireNonNull(local, "a filter always holds a local address");
        return new FilterSpec(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(UDP), local, OptionalInt.of(localPort), null,
            OptionalInt.empty());
    }

    /** UDP between one remote and one local end: {@code ef_filter_spec_set_ip4_full} and its IPv6 twin. */
    public static FilterSpec udpFull(InetAddress local, int localPort, InetAddress remote, int remotePort) {
        Objects.requireNonNull(local, "a filter always holds a local address");
        Objects.requireNonNull(remote, "a full filter holds a remote address");
        return new FilterSpec(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(UDP), local, OptionalInt.of(localPort), remote,
            OptionalInt.of(remotePort));
    }

    private static void checkRange(String what, OptionalInt value, int max) {
        if (value.isPresent() && (value.getAsInt() < 0 || value.getAsInt() > max)) {
            throw new IllegalArgumentException(what + " " + value.getAsInt() + " is not in 0.." + max);
        }
    }
}
