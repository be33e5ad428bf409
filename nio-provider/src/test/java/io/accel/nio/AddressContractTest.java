package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

/** Opening, binding, and what a channel tells of its addresses. */
class AddressContractTest extends Contract {
    private static final class StrangeAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aFamilyMustBeGivenAndKnown() {
        assertThatThrownBy(() -> pairing.provider().openDatagramChannel(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pairing.provider().openDatagramChannel(StandardProtocolFamily.UNIX))
            .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aChannelKnowsItsProviderAndIsFresh() throws Exception {
        final DatagramChannel channel = open();
        assertThat(channel.provider()).isSameAs(pairing.provider());
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.isBlocking()).isTrue();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.isRegistered()).isFalse();
        assertThat(channel.getLocalAddress()).isNull();
        assertThat(channel.getRemoteAddress()).isNull();
        assertThat(channel.validOps()).isEqualTo(5);
    }

    @Test
    void bindReturnsTheChannelAndTellsThePort() throws Exception {
        final DatagramChannel channel = open();
        assertThat(channel.bind(new InetSocketAddress(NEAR, 0))).isSameAs(channel);
        assertThat(addressOf(channel).getAddress()).isEqualTo(NEAR).isInstanceOf(Inet4Address.class);
        assertThat(addressOf(channel).getPort()).isPositive();
    }

    @Test
    void bindToNothingIsTheWildcard() throws Exception {
        final DatagramChannel dual = open().bind(null);
        assertThat(addressOf(dual).getAddress().isAnyLocalAddress()).isTrue();
        assertThat(addressOf(dual).getPort()).isPositive();

        final DatagramChannel four = closing(pairing.provider().openDatagramChannel(StandardProtocolFamily.INET)).bind(null);
        assertThat(addressOf(four).getAddress()).isInstanceOf(Inet4Address.class);
        assertThat(addressOf(four).getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void bindRefusesWhatTheJdkRefuses() throws Exception {
        final DatagramChannel channel = bound();
        assertThatThrownBy(() -> channel.bind(new InetSocketAddress(NEAR, 0))).isInstanceOf(AlreadyBoundException.class);

        final DatagramChannel fresh = open();
        assertThatThrownBy(() -> fresh.bind(new StrangeAddress())).isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> fresh.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
            .isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> fresh.bind(addressOf(channel))).isInstanceOf(BindException.class);
        assertThat(fresh.getLocalAddress()).as("still unbound").isNull();
        fresh.bind(new InetSocketAddress(NEAR, 0));

        final DatagramChannel four = closing(pairing.provider().openDatagramChannel(StandardProtocolFamily.INET));
        assertThatThrownBy(() -> four.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0)))
            .isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void aClosedChannelSaysSoFirst() throws Exception {
        final DatagramChannel channel = bound();
        channel.close();
        assertThatThrownBy(() -> channel.bind(new StrangeAddress())).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getLocalAddress).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getRemoteAddress).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.configureBlocking(false)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void receivingBindsAnUnboundChannel() throws Exception {
        final DatagramChannel channel = open();
        channel.configureBlocking(false);
        assertThat(channel.receive(ByteBuffer.allocate(1))).isNull();
        assertThat(addressOf(channel).getPort()).isPositive();
        assertThat(addressOf(channel).getAddress().isAnyLocalAddress()).isTrue();
        assertThatThrownBy(() -> channel.bind(null)).isInstanceOf(AlreadyBoundException.class);

        final DatagramChannel peer = boundPeer();
        peer.send(bytes("found"), reachable(channel));
        assertThat(receiveText(channel)).isEqualTo("found");
        assertFast(peer, channel, 1);
    }

    @Test
    void sendingBindsAnUnboundChannel() throws Exception {
        final DatagramChannel channel = open();
        final DatagramChannel peer = boundPeer();
        channel.send(bytes("x"), addressOf(peer));
        final ByteBuffer into = ByteBuffer.allocate(9);
        assertThat(receive(peer, into)).isEqualTo(reachable(channel));
        assertFast(channel, peer, 1);
    }

    @Test
    void aRefusedArgumentDoesNotBind() throws Exception {
        final DatagramChannel channel = open();
        final DatagramChannel target = boundPeer();
        assertThatThrownBy(() -> channel.receive(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.receive(ByteBuffer.allocate(1).asReadOnlyBuffer())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.send(null, addressOf(target))).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.send(bytes("x"), null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.send(bytes("x"), new StrangeAddress())).isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> channel.send(bytes("x"), InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
            .isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> channel.connect(null)).isInstanceOf(NullPointerException.class);
        assertThat(channel.getLocalAddress()).isNull();
    }

    @Test
    void anInet4ChannelSendsToNoInet6Address() throws Exception {
        final DatagramChannel four = closing(pairing.provider().openDatagramChannel(StandardProtocolFamily.INET));
        assertThatThrownBy(() -> four.send(bytes("x"), new InetSocketAddress(InetAddress.getByName("::1"), 9)))
            .isInstanceOf(UnsupportedAddressTypeException.class);
        assertThat(four.getLocalAddress()).as("a refused argument does not bind").isNull();
        assertThatThrownBy(() -> four.connect(new InetSocketAddress(InetAddress.getByName("::1"), 9)))
            .isInstanceOf(UnsupportedAddressTypeException.class);
        four.bind(null);
        assertThatThrownBy(() -> four.send(bytes("x"), new InetSocketAddress(InetAddress.getByName("::1"), 9)))
            .isInstanceOf(UnsupportedAddressTypeException.class);
        four.close();
        assertThatThrownBy(() -> four.send(bytes("x"), new InetSocketAddress(InetAddress.getByName("::1"), 9)))
            .as("the address is told before the close").isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void aSharedPortNeedsReuseAddressOnBoth() throws Exception {
        final DatagramChannel first = open().setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(new InetSocketAddress(NEAR, 0));
        final DatagramChannel second = openPeer();
        assertThatThrownBy(() -> second.bind(addressOf(first))).isInstanceOf(BindException.class);
        second.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(addressOf(first));
        assertThat(second.getLocalAddress()).isEqualTo(first.getLocalAddress());
    }

    @Test
    void everyLocalAddressReachesAWildcardChannel() throws Exception {
        final DatagramChannel channel = open().bind(new InetSocketAddress(0));
        final DatagramChannel peer = openPeer().bind(new InetSocketAddress(0));
        final int port = addressOf(channel).getPort();
        peer.send(bytes("one"), new InetSocketAddress(NEAR, port));
        assertThat(receiveText(channel)).isEqualTo("one");
        peer.send(bytes("two"), new InetSocketAddress(Network.HERE.otherNear(), port));
        assertThat(receiveText(channel)).isEqualTo("two");
        assertFast(peer, channel, 2);
    }

    @Test
    void onlyItsOwnAddressReachesAChannelBoundToOne() throws Exception {
        final DatagramChannel channel = bound();
        channel.configureBlocking(false);
        final DatagramChannel peer = openPeer().bind(new InetSocketAddress(0));
        final int port = addressOf(channel).getPort();
        peer.send(bytes("elsewhere"), new InetSocketAddress(Network.HERE.otherNear(), port));
        peer.send(bytes("here"), new InetSocketAddress(NEAR, port));
        assertThat(receiveText(channel)).isEqualTo("here");
        assertThat(channel.receive(ByteBuffer.allocate(10))).isNull();
    }
}
