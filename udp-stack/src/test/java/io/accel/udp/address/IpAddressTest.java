package io.accel.udp.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IpAddressTest {
    private static IpAddress ip(String text) throws UnknownHostException {
        return IpAddress.of(InetAddress.getByName(text));
    }

    @Test
    void versions() throws UnknownHostException {
        assertThat(ip("10.1.2.3").isIpv4()).isTrue();
        assertThat(ip("10.1.2.3").ipv4()).isEqualTo(0x0A010203);
        assertThat(ip("10.1.2.3")).isEqualTo(IpAddress.ipv4(0x0A010203));
        assertThat(ip("::10.1.2.3").isIpv4()).as("compatible, not mapped").isFalse();
        assertThat(ip("64:ff9b::10.1.2.3").version()).isEqualTo(IpVersion.IPV6);
        assertThat(IpAddress.ANY_IPV4).isEqualTo(ip("0.0.0.0"));
        assertThat(IpAddress.ANY_IPV6).isEqualTo(ip("::"));
        assertThat(IpAddress.ANY_IPV4.isWildcard() && IpAddress.ANY_IPV6.isWildcard()).isTrue();
        assertThat(ip("::1").isWildcard() || ip("0.0.0.1").isWildcard()).isFalse();
    }

    /** An Inet6Address can be made with a mapped address inside, which the kernel takes for IPv4. */
    @Test
    void aMappedInet6AddressIsIpv4() throws UnknownHostException {
        final byte[] octets = new byte[16];
        octets[10] = octets[11] = (byte) 0xFF;
        octets[12] = 127;
        octets[15] = 1;
        final InetAddress mapped = Inet6Address.getByAddress(null, octets, -1);
        assertThat(mapped).isInstanceOf(Inet6Address.class);
        assertThat(IpAddress.of(mapped)).isEqualTo(ip("127.0.0.1"));
        assertThat(IpAddress.of(mapped).inetAddress()).isInstanceOf(Inet4Address.class);
    }

    @Test
    void scopesBelongToWhatNeedsThem() throws UnknownHostException {
        for (final String each : new String[] {"fe80::1", "febf::1", "ff01::1", "ff02::1", "ff12::1"}) {
            assertThat(ip(each).needsScope()).as(each).isTrue();
            assertThat(ip(each).on(7).scope()).isEqualTo(7);
            assertThat(ip(each).on(7).on(8).scope()).as("the first one stays").isEqualTo(7);
            assertThat(((Inet6Address) ip(each).on(7).inetAddress()).getScopeId()).isEqualTo(7);
        }
        for (final String each : new String[] {"fec0::1", "fd00::1", "2001:db8::1", "ff05::1", "ff0e::1", "::1", "10.0.0.1"}) {
            assertThat(ip(each).needsScope()).as(each).isFalse();
            assertThat(ip(each).on(7).scope()).isZero();
        }
        assertThat(IpAddress.of(Inet6Address.getByAddress(null, ip("2001:db8::1").inetAddress().getAddress(), 3)).scope())
            .as("the kernel ignores a scope of a global address").isZero();
        assertThat(ip("fe80::1").on(1)).isNotEqualTo(ip("fe80::1").on(2));
    }

    @Test
    void groupsAndBroadcast() throws UnknownHostException {
        assertThat(ip("224.0.0.1").isMulticast() && ip("239.255.255.255").isMulticast() && ip("ff02::1").isMulticast()).isTrue();
        assertThat(ip("223.255.255.255").isMulticast() || ip("240.0.0.0").isMulticast() || ip("fe80::1").isMulticast()).isFalse();
        assertThat(ip("255.255.255.255").isBroadcast()).isTrue();
        assertThat(ip("255.255.255.254").isBroadcast() || ip("::ffff").isBroadcast()).isFalse();
    }

    @Property
    void thereAndBack(@ForAll byte[] octets, @ForAll boolean four) throws UnknownHostException {
        final InetAddress address = InetAddress.getByAddress(Arrays.copyOf(octets, four ? 4 : 16));
        assertThat(IpAddress.of(address).inetAddress()).isEqualTo(address).hasSameClassAs(address);
    }

    @Property
    void scopedPortsKeepBoth(@ForAll @IntRange(max = 0xFFFF) int port, @ForAll @IntRange(min = 0) int scope) {
        final long both = ScopedPort.of(port, scope);
        assertThat(both).isNotNegative();
        assertThat(ScopedPort.port(both)).isEqualTo(port);
        assertThat(ScopedPort.scope(both)).isEqualTo(scope);
    }

    @Test
    void overlapsAreWhereADatagramCanBeForBoth() throws UnknownHostException {
        final BoundAddress dual = new BoundAddress(IpAddress.ANY_IPV6, true, true);
        final BoundAddress four = BoundAddress.ipv4(IpAddress.ANY_IPV4);
        final BoundAddress six = new BoundAddress(IpAddress.ANY_IPV6, false, true);
        final BoundAddress oneFour = new BoundAddress(ip("10.0.0.1"), true, true);
        final BoundAddress oneSix = new BoundAddress(ip("fd00::1"), true, true);
        final BoundAddress[][] together = {{dual, four}, {dual, six}, {dual, oneFour}, {dual, oneSix}, {four, oneFour}, {six, oneSix},
            {oneFour, oneFour}, {dual, dual}};
        for (final BoundAddress[] pair : together) {
            assertThat(pair[0].overlaps(pair[1]) && pair[1].overlaps(pair[0])).as(pair[0] + " and " + pair[1]).isTrue();
        }
        final BoundAddress[][] apart = {{four, six}, {four, oneSix}, {six, oneFour}, {oneFour, oneSix},
            {oneFour, BoundAddress.ipv4(ip("10.0.0.2"))}};
        for (final BoundAddress[] pair : apart) {
            assertThat(pair[0].overlaps(pair[1]) || pair[1].overlaps(pair[0])).as(pair[0] + " and " + pair[1]).isFalse();
        }
    }

    @Test
    void whatABoundSocketCovers() throws UnknownHostException {
        final BoundAddress dual = new BoundAddress(IpAddress.ANY_IPV6, true, true);
        assertThat(dual.covers(ip("10.0.0.1")) && dual.covers(ip("fd00::1")) && dual.covers(ip("fe80::1").on(3))).isTrue();
        final BoundAddress four = BoundAddress.ipv4(IpAddress.ANY_IPV4);
        assertThat(four.covers(ip("10.0.0.1"))).isTrue();
        assertThat(four.covers(ip("fd00::1"))).isFalse();
        final BoundAddress six = new BoundAddress(IpAddress.ANY_IPV6, false, true);
        assertThat(six.covers(ip("10.0.0.1"))).isFalse();
        assertThat(six.covers(ip("fd00::1"))).isTrue();
        final BoundAddress one = new BoundAddress(ip("fe80::1").on(3), true, true);
        assertThat(one.covers(ip("fe80::1").on(3))).isTrue();
        assertThat(one.covers(ip("fe80::1").on(4)) || one.covers(ip("fe80::2").on(3))).isFalse();
        final BoundAddress mapped = new BoundAddress(ip("10.0.0.1"), true, true);
        assertThat(mapped.covers(ip("10.0.0.1"))).isTrue();
        assertThat(mapped.covers(ip("10.0.0.2")) || mapped.covers(ip("fd00::1"))).isFalse();
    }
}
