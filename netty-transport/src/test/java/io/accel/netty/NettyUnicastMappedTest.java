package io.accel.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.socket.DatagramChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6MappedTest;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** Netty's own test of unicast over IPv4 by channels of IPv6. */
@Tag("wire")
class NettyUnicastMappedTest extends DatagramUnicastIPv6MappedTest {
    @Override
    protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
        return Permutations.OF_ACCEL.datagram(socketInternetProtocalFamily());
    }

    @Override
    protected InetSocketAddress convertAnyAddress(InetSocketAddress server) {
        return server.getAddress().isAnyLocalAddress() ? new InetSocketAddress(Network.SERVER, server.getPort()) : server;
    }

    /** A defect of the JDK's channels until 20 (JDK-8285515), and the shadow is one; Netty allows it for its NIO transport alone. */
    @Override
    protected boolean disconnectMightFail(DatagramChannel channel) {
        return Runtime.version().feature() < 20 || super.disconnectMightFail(channel);
    }

    @AfterAll
    static void assertPath() {
        Permutations.OF_ACCEL.assertPath();
    }
}
