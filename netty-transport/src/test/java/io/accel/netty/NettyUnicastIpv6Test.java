package io.accel.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6Test;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** Netty's own test of unicast over IPv6. */
@Tag("wire")
class NettyUnicastIpv6Test extends DatagramUnicastIPv6Test {
    @Override
    protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
        return Permutations.OF_ACCEL.datagram(socketInternetProtocalFamily());
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return Network.anEnd(socketInternetProtocalFamily());
    }

    @AfterAll
    static void assertPath() {
        Permutations.OF_ACCEL.assertPath();
    }
}
