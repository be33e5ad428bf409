package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** connect and disconnect: addresses, whose datagrams are taken, and what happens to those queued before. */
class ConnectContractTest extends Contract {
    @Test
    void connectTellsBothAddresses() throws Exception {
        final DatagramChannel peer = boundPeer();
        final DatagramChannel channel = open();
        assertThat(channel.connect(addressOf(peer))).isSameAs(channel);
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.getRemoteAddress()).isEqualTo(peer.getLocalAddress());
        assertThat(addressOf(channel).getAddress()).as("the route's source").isEqualTo(NEAR);
        assertThatThrownBy(() -> channel.connect(addressOf(peer))).isInstanceOf(AlreadyConnectedException.class);
    }

    @Test
    void connectRefusesWhatTheJdkRefuses() throws Exception {
        final DatagramChannel channel = open();
        assertThatThrownBy(() -> channel.connect(new InetSocketAddress(NEAR, 0))).isInstanceOf(SocketException.class)
            .hasMessage("Can't connect to port 0");
        assertThatThrownBy(() -> channel.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 9)))
            .isInstanceOf(UnresolvedAddressException.class);
        assertThat(channel.isConnected()).isFalse();
        channel.connect(addressOf(boundPeer()));
        assertThatThrownBy(() -> channel.connect(new InetSocketAddress(NEAR, 0))).isInstanceOf(AlreadyConnectedException.class);
        channel.close();
        assertThatThrownBy(() -> channel.connect(new InetSocketAddress(NEAR, 0))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void disconnectRestoresTheLocalAddress() throws Exception {
        final DatagramChannel channel = open().bind(new InetSocketAddress(0));
        final InetSocketAddress before = addressOf(channel);
        channel.connect(addressOf(boundPeer()));
        assertThat(addressOf(channel).getAddress()).isEqualTo(NEAR);
        assertThat(channel.disconnect()).isSameAs(channel);
        assertThat(addressOf(channel)).isEqualTo(before);
        assertThat(channel.getRemoteAddress()).isNull();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.disconnect()).as("again").isSameAs(channel);
        channel.close();
        assertThat(channel.disconnect()).as("when closed").isSameAs(channel);
    }

    @Test
    void closeEndsTheConnection() throws Exception {
        final DatagramChannel channel = bound();
        channel.connect(addressOf(boundPeer()));
        channel.close();
        assertThat(channel.isConnected()).isFalse();
        assertThatThrownBy(channel::getRemoteAddress).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void onlyThePeerIsHeard() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final DatagramChannel stranger = boundPeer();
        channel.connect(addressOf(peer));
        stranger.send(bytes("no"), addressOf(channel));
        peer.send(bytes("yes"), addressOf(channel));
        stranger.send(bytes("no"), addressOf(channel));
        assertThat(receiveText(channel)).isEqualTo("yes");
        assertNothingBefore(peer, channel);
        channel.disconnect();
        stranger.send(bytes("now"), addressOf(channel));
        assertThat(receiveText(channel)).isEqualTo("now");
    }

    @Test
    void whatWasQueuedBeforeIsGone() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final DatagramChannel stranger = boundPeer();
        for (int i = 0; i < 50; i++) {
            peer.send(bytes("old"), addressOf(channel));
            stranger.send(bytes("old"), addressOf(channel));
        }
        final DatagramChannel witness = bound();
        assertNothingBefore(peer, witness);
        assertNothingBefore(stranger, witness);
        channel.connect(addressOf(peer));
        assertNothingBefore(peer, channel);
    }

    @Test
    void reconnectingChangesThePeer() throws Exception {
        final DatagramChannel channel = bound();
        for (int i = 0; i < 20; i++) {
            final DatagramChannel peer = boundPeer();
            channel.connect(addressOf(peer));
            channel.write(bytes("to " + i));
            assertThat(receiveText(peer)).isEqualTo("to " + i);
            peer.send(bytes("back " + i), addressOf(channel));
            assertThat(receiveText(channel)).isEqualTo("back " + i);
            channel.disconnect();
            if (pairing.isFast()) {
                assertFast(peer, peer, 1);
            }
        }
    }

    @Test
    void aConnectedExchangeIsFast() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        channel.connect(addressOf(peer));
        peer.connect(addressOf(channel));
        final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        for (int i = 0; i < 100; i++) {
            buffer.clear().putInt(i).flip();
            channel.write(buffer);
            buffer.clear();
            assertThat(peer.read(buffer)).isEqualTo(4);
            peer.write(buffer.flip());
            buffer.clear();
            assertThat(channel.read(buffer)).isEqualTo(4);
            assertThat(buffer.getInt(0)).isEqualTo(i);
        }
        assertFast(channel, peer, 100);
        assertFast(peer, channel, 100);
    }

    @Test
    void aRegistrationSurvivesConnectAndDisconnect() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final Selector selector = selector();
        channel.configureBlocking(false);
        final SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        channel.connect(addressOf(peer)).disconnect();
        assertThat(key.isValid()).isTrue();
        assertThat(channel.isBlocking()).isFalse();
        peer.send(bytes("x"), addressOf(channel));
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(receiveText(channel)).isEqualTo("x");
    }

    @Test
    @Tag(KERNEL_BEHIND)
    void aPortThatNobodyHasIsToldOnceWhenConnected() throws Exception {
        final DatagramChannel gone = boundPeer();
        final InetSocketAddress nobody = addressOf(gone);
        gone.close();
        final DatagramChannel channel = bound();
        channel.configureBlocking(false);
        channel.connect(nobody);
        channel.write(bytes("x"));
        final PortUnreachableException refused = Eventually.get("the port is unreachable", () -> {
            try {
                assertThat(channel.read(ByteBuffer.allocate(1))).isZero();
                return null;
            } catch (final PortUnreachableException e) {
                return e;
            }
        });
        assertThat(refused).isNotNull();
        assertThat(channel.read(ByteBuffer.allocate(1))).as("told once").isZero();
    }

    @Test
    void aPortThatNobodyHasIsNotToldWhenUnconnected() throws Exception {
        final DatagramChannel gone = boundPeer();
        final InetSocketAddress nobody = addressOf(gone);
        gone.close();
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        for (int i = 0; i < 10; i++) {
            assertThat(channel.send(bytes("x"), nobody)).isEqualTo(1);
        }
        assertNothingBefore(peer, channel);
    }

    @Test
    @Tag(KERNEL_BEHIND)
    void anUnreachablePortMakesTheKeyReadable() throws Exception {
        final DatagramChannel gone = boundPeer();
        final InetSocketAddress nobody = addressOf(gone);
        gone.close();
        final DatagramChannel channel = bound();
        channel.configureBlocking(false);
        channel.connect(nobody);
        final Selector selector = selector();
        final SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        channel.write(bytes("x"));
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(key.isReadable()).isTrue();
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(PortUnreachableException.class);
    }

    @Test
    void connectWaitsForABlockedReceive() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final Background<Object> receiving = Background.start("receiver", () -> channel.receive(ByteBuffer.allocate(9)));
        receiving.awaitIn("receive");
        final Background<Object> connecting = Background.start("connecter", () -> channel.connect(addressOf(peer)));
        connecting.awaitIn("connect");
        assertThat(channel.getLocalAddress()).as("does not wait").isNotNull();
        assertThat(channel.isConnected()).isFalse();
        peer.send(bytes("x"), addressOf(channel));
        assertThat(receiving.result()).isEqualTo(addressOf(peer));
        connecting.result();
        assertThat(channel.isConnected()).isTrue();
    }
}
