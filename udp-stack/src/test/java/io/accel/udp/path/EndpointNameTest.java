package io.accel.udp.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointNameTest {
    private static IpAddress ip(String text) throws UnknownHostException {
        return IpAddress.of(InetAddress.getByName(text));
    }

    @Test
    void eachAddressAndPortHasAName() throws UnknownHostException {
        assertThat(List.of(EndpointName.exact(ip("10.0.0.1"), 9), EndpointName.exact(ip("10.0.0.1"), 10),
            EndpointName.exact(ip("10.0.0.2"), 9), EndpointName.exact(ip("::a00:1"), 9), EndpointName.exact(ip("::1"), 9),
            EndpointName.exact(ip("1::"), 9), EndpointName.exact(ip("fe80::1").on(1), 9), EndpointName.exact(ip("fe80::1").on(2), 9),
            EndpointName.exact(ip("fe80::1"), 9), EndpointName.dualStack(9), EndpointName.wildcard(IpVersion.IPV4, 9),
            EndpointName.wildcard(IpVersion.IPV6, 9), EndpointName.connected(ip("10.0.0.1"), 9, ip("10.0.0.1"), 10),
            EndpointName.connected(ip("10.0.0.1"), 9, ip("10.0.0.2"), 10), EndpointName.connected(ip("10.0.0.1"), 9, ip("10.0.0.1"), 11),
            EndpointName.connected(ip("::1"), 9, ip("::1"), 10), EndpointName.connected(ip("fe80::1").on(1), 9, ip("fe80::1").on(1), 10),
            EndpointName.connected(ip("fe80::1").on(1), 9, ip("fe80::1").on(2), 10))).doesNotHaveDuplicates();
    }

    @Test
    void allNamesOfAPortShareWhatIsBeforeTheLastDot() throws UnknownHostException {
        for (final String name : List.of(EndpointName.exact(ip("10.0.0.1"), 0x1F90), EndpointName.exact(ip("fe80::1").on(3), 0x1F90),
            EndpointName.connected(ip("::1"), 0x1F90, ip("10.0.0.1"), 7), EndpointName.shared(0x1F90),
            EndpointName.dualStack(0x1F90), EndpointName.wildcard(IpVersion.IPV4, 0x1F90))) {
            assertThat(name.substring(0, name.lastIndexOf('.'))).isEqualTo("udp.1f90");
        }
    }

    @Test
    void theLongestNameFitsTheDirectory() throws UnknownHostException {
        final IpAddress address = ip("fe80:ffff:ffff:ffff:ffff:ffff:ffff:ffff").on(Integer.MAX_VALUE);
        final String longest = EndpointName.connected(address, 65535, address, 65535);
        assertThat(longest).hasSizeLessThanOrEqualTo(128).matches("[0-9a-z.]+");
    }

    @Test
    void aSocketIsNamedByWhatItTakes() throws UnknownHostException {
        assertThat(EndpointName.of(new BoundAddress(IpAddress.ANY_IPV6, true, true), 9)).isEqualTo(EndpointName.dualStack(9));
        assertThat(EndpointName.of(new BoundAddress(IpAddress.ANY_IPV6, false, true), 9))
            .isEqualTo(EndpointName.wildcard(IpVersion.IPV6, 9));
        assertThat(EndpointName.of(BoundAddress.ipv4(IpAddress.ANY_IPV4), 9)).isEqualTo(EndpointName.wildcard(IpVersion.IPV4, 9));
        assertThat(EndpointName.of(new BoundAddress(ip("10.0.0.1"), true, true), 9)).isEqualTo(EndpointName.exact(ip("10.0.0.1"), 9));
    }
}
