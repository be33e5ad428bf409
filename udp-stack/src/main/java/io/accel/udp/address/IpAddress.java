package io.accel.udp.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address of either version as 128 bits, an IPv4 address as the IPv4-mapped one (RFC 4291 §2.5.5.2), which no datagram over IPv6 may
 * have: so two longs tell which version it is, and comparing them compares addresses. Where datagrams go by, the numbers are passed on
 * without this object.
 *
 * @param high  the first eight bytes, the first of them highest; 0 for IPv4
 * @param low   the last eight bytes; for IPv4 0xFFFF in bits 32 to 47, the address below
 * @param scope interface index (RFC 4007); 0 where the address needs none or none is known
 */
public record IpAddress(long high, long low, int scope) {
    /** {@code ::}, the wildcard of IPv6, and of a dual-stack socket for both versions. */
    public static final IpAddress ANY_IPV6 = new IpAddress(0, 0, 0);
    /** {@code 0.0.0.0}. */
    public static final IpAddress ANY_IPV4 = ipv4(0);

    private static final int MAPPED = 0xFFFF;
    /** Of 224.0.0.0/4, all bits but the last 28. */
    private static final long MAPPED_GROUPS = (long) MAPPED << 4 | 0xE;
    private static final IpAddress BROADCAST = ipv4(-1);

    /** @param address its highest byte is the first on the wire */
    public static IpAddress ipv4(int address) {
        return new IpAddress(0, mapped(address), 0);
    }

    /** With the scope that it has itself. */
    public static IpAddress of(InetAddress address) {
        return of(address, address instanceof Inet6Address six ? six.getScopeId() : 0);
    }

    /** @param scope interface index, kept only where the address needs one */
    public static IpAddress of(InetAddress address, int scope) {
        final byte[] octets = address.getAddress();
        if (octets.length == Integer.BYTES) {
            return ipv4((int) big(octets, 0, Integer.BYTES));
        }
        final long high = big(octets, 0, Long.BYTES);
        return new IpAddress(high, big(octets, Long.BYTES, Long.BYTES), needsScope(high) ? scope : 0);
    }

    private static long big(byte[] octets, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << Byte.SIZE | octets[i] & 0xFF;
        }
        return value;
    }

    /** The low half of an IPv4 address, whose high half is 0. */
    public static long mapped(int ipv4) {
        return (long) MAPPED << Integer.SIZE | ipv4 & 0xFFFFFFFFL;
    }

    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> Integer.SIZE == MAPPED;
    }

    /**
     * Whether an IPv6 address with this high half means nothing without an interface, as Linux has it (include/net/ipv6.h,
     * {@code __ipv6_addr_needs_scope_id}): fe80::/10, and groups of interface-local and link-local scope.
     */
    public static boolean needsScope(long high) {
        if (high >>> 56 != 0xFF) {
            return high >>> 54 == 0x3FA;
        }
        final int groupScope = (int) (high >>> 48) & 0xF;
        return groupScope == 1 || groupScope == 2;
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    public IpVersion version() {
        return isIpv4() ? IpVersion.IPV4 : IpVersion.IPV6;
    }

    /** The IPv4 address, its highest byte the first on the wire; meaningless for IPv6. */
    public int ipv4() {
        return (int) low;
    }

    /** Of either version. */
    public boolean isWildcard() {
        return high == 0 && (low == 0 || low == mapped(0));
    }

    public boolean isMulticast() {
        return isMulticast(high, low);
    }

    /** As {@link #isMulticast()}, from the numbers. */
    public static boolean isMulticast(long high, long low) {
        return high >>> 56 == 0xFF || high == 0 && low >>> 28 == MAPPED_GROUPS;
    }

    /** The wildcard of the same version. */
    public IpAddress wildcard() {
        return isIpv4() ? ANY_IPV4 : ANY_IPV6;
    }

    /** 255.255.255.255; a subnet's broadcast address only its route tells. */
    public boolean isBroadcast() {
        return equals(BROADCAST);
    }

    /** Whether it means nothing without an interface. */
    public boolean needsScope() {
        return needsScope(high);
    }

    /** This address on an interface, where it needs one and has none. */
    public IpAddress on(int ifIndex) {
        return needsScope() && scope == 0 ? new IpAddress(high, low, ifIndex) : this;
    }

    /** Without its scope, as groups are named, whose interface is told apart. */
    public IpAddress unscoped() {
        return scope == 0 ? this : new IpAddress(high, low, 0);
    }

    /** What the JDK's channels would make of it: an Inet4Address, or an Inet6Address with its scope as a number. */
    public InetAddress inetAddress() {
        return inetAddress(high, low, scope);
    }

    /** As {@link #inetAddress()}, from the numbers. */
    public static InetAddress inetAddress(long high, long low, int scope) {
        try {
            if (isIpv4(high, low)) {
                return InetAddress.getByAddress(octets(new byte[Integer.BYTES], low << Integer.SIZE, 0));
            }
            final byte[] octets = octets(new byte[2 * Long.BYTES], high, low);
            return scope == 0 ? InetAddress.getByAddress(octets) : Inet6Address.getByAddress(null, octets, scope);
        } catch (final UnknownHostException e) {
            throw new AssertionError("4 and 16 octets are addresses", e);
        }
    }

    private static byte[] octets(byte[] into, long high, long low) {
        for (int i = 0; i < into.length; i++) {
            into[i] = (byte) ((i < Long.BYTES ? high : low) >>> 56 - i % Long.BYTES * Byte.SIZE);
        }
        return into;
    }

    @Override
    public String toString() {
        return inetAddress().getHostAddress();
    }
}
