package io.accel.udp.address;

/**
 * Where a socket takes datagrams: at one address, or at every one of this host of the versions that it takes.
 *
 * @param address   what it is bound to; a wildcard of either version for all
 * @param takesIpv4 whether the socket is of IPv4, or of both (IPV6_V6ONLY is off)
 * @param takesIpv6 whether the socket is of IPv6
 */
public record BoundAddress(IpAddress address, boolean takesIpv4, boolean takesIpv6) {
    /** At an IPv4 address, or at all of them. */
    public static BoundAddress ipv4(IpAddress address) {
        return new BoundAddress(address, true, false);
    }

    /** At all addresses of the versions that it takes. */
    public BoundAddress wildcard() {
        return new BoundAddress(address.wildcard(), takesIpv4, takesIpv6);
    }

    public boolean isWildcard() {
        return address.isWildcard();
    }

    /** Whether it is the wildcard of this version, alone or with the other's. */
    public boolean isWildcardOf(IpVersion version) {
        return isWildcard() && (version == IpVersion.IPV4 ? takesIpv4 : takesIpv6);
    }

    /** Whether datagrams over this version can be for it. */
    public boolean takes(IpVersion version) {
        return isWildcard() ? isWildcardOf(version) : address.version() == version;
    }

    /** What is left of it without IPv6, or null. */
    public BoundAddress withoutIpv6() {
        if (address.isIpv4()) {
            return this;
        }
        return isWildcardOf(IpVersion.IPV4) ? ipv4(IpAddress.ANY_IPV4) : null;
    }

    /** Whether datagrams to this address of the host are for it. An address without a scope stands for that of every interface. */
    public boolean covers(IpAddress local) {
        return isWildcard() ? isWildcardOf(local.version())
            : address.high() == local.high() && address.low() == local.low()
                && (address.scope() == 0 || local.scope() == 0 || address.scope() == local.scope());
    }

    /** Whether a datagram can be for both. */
    public boolean overlaps(BoundAddress other) {
        if (isWildcard() && other.isWildcard()) {
            return takesIpv4 && other.takesIpv4 || takesIpv6 && other.takesIpv6;
        }
        return isWildcard() ? covers(other.address) : other.covers(address);
    }
}
