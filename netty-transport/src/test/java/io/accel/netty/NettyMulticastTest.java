package io.accel.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramMulticastTest;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Netty's own test of IPv4 groups. Member and sender share a port, which is the kernel's then: {@link GroupsTest} has the fast path. */
@Tag("wire")
@Tag("namespace")
class NettyMulticastTest extends DatagramMulticastTest {
    @Override
    protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
        return Permutations.OF_ACCEL.datagram(socketInternetProtocalFamily());
    }
}
