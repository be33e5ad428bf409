package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Datagrams through {@code channel.socket()}. */
class AdaptorContractTest extends Contract {
    private static final int EXCHANGES = 500;
    /** Datagrams on their way to one socket: every receive buffer has room for them, however busy the machine. */
    private static final int UNREAD = 32;

    /** Sends from one thread and receives in another, on one socket. */
    @Test
    void sendsAndReceivesFromTwoThreads() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final DatagramSocket socket = channel.socket();
        socket.setSoTimeout(20_000);
        final Semaphore room = new Semaphore(UNREAD);
        final Background<Integer> receiver = Background.start("receiver", () -> {
            final DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
            int inOrder = 0;
            for (int i = 0; i < EXCHANGES; i++) {
                socket.receive(packet);
                room.release();
                assertThat(packet.getSocketAddress()).isEqualTo(addressOf(peer));
                inOrder += Payload.check(java.nio.ByteBuffer.wrap(packet.getData(), 0, packet.getLength())) == i ? 1 : 0;
            }
            return inOrder;
        });
        final DatagramSocket other = peer.socket();
        other.setSoTimeout(20_000);
        final DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        for (int i = 0; i < EXCHANGES; i++) {
            final byte[] bytes = Payload.fill(java.nio.ByteBuffer.allocate(Payload.length(i)), i).array();
            socket.send(new DatagramPacket(bytes, bytes.length, addressOf(peer)));
            other.receive(packet);
            assertThat(packet.getLength()).isEqualTo(bytes.length);
            packet.setSocketAddress(addressOf(channel));
            assertThat(room.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            other.send(packet);
            packet.setLength(1000);
        }
        assertThat(receiver.result()).isEqualTo(EXCHANGES);
        assertFast(channel, peer, EXCHANGES);
        assertFast(peer, channel, EXCHANGES);
    }

    @Test
    void aReceiveThatTimesOutLosesNothing() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final DatagramSocket socket = channel.socket();
        final DatagramPacket packet = new DatagramPacket(new byte[9], 9);
        for (int i = 0; i < 3; i++) {
            socket.setSoTimeout(5);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> socket.receive(packet))
                .isExactlyInstanceOf(SocketTimeoutException.class).hasMessage("Receive timed out");
            assertThat(channel.isOpen() && channel.isBlocking()).isTrue();
            peer.send(bytes("there"), addressOf(channel));
            socket.setSoTimeout(10_000);
            socket.receive(packet);
            assertThat(packet.getLength()).isEqualTo(5);
            assertThat(packet.getSocketAddress()).isEqualTo(addressOf(peer));
        }
        assertFast(peer, channel, 3);
    }
}
