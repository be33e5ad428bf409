package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a provider makes besides datagram channels, and whose they are. */
class ProviderContractTest extends Contract {
    @Test
    void familiesAreThoseOfTheJdk() throws Exception {
        final SelectorProvider provider = pairing.provider();
        for (final ProtocolFamily family : new ProtocolFamily[] {StandardProtocolFamily.INET, StandardProtocolFamily.INET6}) {
            try (SocketChannel stream = provider.openSocketChannel(family);
                ServerSocketChannel server = provider.openServerSocketChannel(family);
                DatagramChannel datagrams = provider.openDatagramChannel(family)) {
                assertThat(stream.isOpen() && server.isOpen() && datagrams.isOpen()).isTrue();
            }
        }
        try (SocketChannel unix = provider.openSocketChannel(StandardProtocolFamily.UNIX)) {
            assertThat(unix.isOpen()).isTrue();
        }
        assertThatThrownBy(() -> provider.openDatagramChannel(StandardProtocolFamily.UNIX))
            .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> provider.openDatagramChannel(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> provider.openSocketChannel(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> provider.openServerSocketChannel(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aChannelWithoutFamilyIsDualStack() throws Exception {
        final DatagramChannel channel = open().bind(new InetSocketAddress("::", 0));
        assertThat(channel.getLocalAddress()).isNotNull();
        final DatagramChannel mapped = open().bind(new InetSocketAddress(NEAR, 0));
        assertThat(addressOf(mapped).getAddress()).as("an IPv4 address is told as one").isInstanceOf(Inet4Address.class);
    }

    /** The kernel channels of ours come from an inner provider: they must lead to our selectors and channels all the same. */
    @Test
    void everyChannelsProviderMakesTheSameKinds() throws Exception {
        final SelectorProvider provider = pairing.provider();
        final Pipe pipe = provider.openPipe();
        closing(pipe.sink());
        closing(pipe.source());
        final List<SelectorProvider> providers = List.of(closing(provider.openSocketChannel()).provider(),
            closing(provider.openServerSocketChannel()).provider(), pipe.source().provider(), pipe.sink().provider(),
            open().provider(), selector().provider());
        for (final SelectorProvider each : providers) {
            assertThat(closing(each.openDatagramChannel())).hasSameClassAs(open());
            assertThat(closing((Selector) each.openSelector())).hasSameClassAs(selector());
        }
        assertThat(open().provider()).isSameAs(provider);
        assertThat(selector().provider()).isSameAs(provider);
    }

    @Test
    void nothingIsInheritedHere() throws Exception {
        assertThat(pairing.provider().inheritedChannel()).isNull();
    }
}
