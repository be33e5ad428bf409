package io.accel.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramMulticastIPv6Test;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Netty's own test of IPv6 groups. Member and sender share a port, which is the kernel's then: {@link GroupsTest} has the fast path. */
@Tag("wire")
@Tag("namespace")
class NettyMulticastIpv6Test extends DatagramMulticastIPv6Test {
    @Override
    protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
        return Permutations.OF_ACCEL.datagram(socketInternetProtocalFamily());
    }
}
