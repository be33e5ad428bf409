package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** send, receive, read, write, scatter and gather: what moves, what is cut off, what is refused, and in which order. */
class TransferContractTest extends Contract {
    private static final int MAX = 65_507;

    private DatagramChannel channel;
    private DatagramChannel peer;

    @BeforeEach
    void openBoth() throws Exception {
        channel = bound();
        peer = boundPeer();
    }

    private void connectBoth() throws Exception {
        channel.connect(addressOf(peer));
        peer.connect(addressOf(channel));
    }

    private static ByteBuffer pattern(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            buffer.put(i, (byte) (i * 31 + 7));
        }
        return buffer;
    }

    @Test
    void aDatagramMovesBothPositionsAndTellsItsSender() throws Exception {
        final ByteBuffer src = bytes("..hello..").position(2).limit(7);
        assertThat(channel.send(src, addressOf(peer))).isEqualTo(5);
        assertThat(src.position()).isEqualTo(7);
        assertThat(src.limit()).isEqualTo(7);

        final ByteBuffer dst = ByteBuffer.allocate(20).position(3);
        assertThat(receive(peer, dst)).isEqualTo(addressOf(channel));
        assertThat(dst.position()).isEqualTo(8);
        assertThat(dst.limit()).isEqualTo(20);
        assertThat(text(dst.flip().position(3))).isEqualTo("hello");
        assertFast(channel, peer, 1);
    }

    @Test
    void everyKindOfBufferCarriesEverySize() throws Exception {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 20);
        final int[] sizes = {1, 2, 15, 16, 17, 63, 64, 65, 1472, 1473, 2048, 4096, 9000, 16_384, 65_000, MAX - 1, MAX};
        for (final int size : sizes) {
            final ByteBuffer direct = ByteBuffer.allocateDirect(size + 10).position(5).limit(size + 5);
            pattern(direct);
            final ByteBuffer heap = ByteBuffer.allocate(size + 10).position(5).limit(size + 5);
            heap.duplicate().put(direct.duplicate());
            for (final ByteBuffer src : new ByteBuffer[] {direct.duplicate(), heap.duplicate(), heap.slice(), direct.slice(),
                heap.asReadOnlyBuffer(), direct.asReadOnlyBuffer()}) {
                for (final ByteBuffer dst : new ByteBuffer[] {ByteBuffer.allocate(MAX), ByteBuffer.allocateDirect(MAX)}) {
                    assertThat(channel.send(src.duplicate(), addressOf(peer))).isEqualTo(size);
                    assertThat(receive(peer, dst)).isEqualTo(addressOf(channel));
                    assertThat(dst.flip()).isEqualTo(src);
                }
            }
        }
        final long fast = Arrays.stream(sizes).filter(size -> size <= Network.HERE.maxFastPayload()).count();
        assertFast(channel, peer, fast * 12, (sizes.length - fast) * 12);
    }

    @Test
    void moreThanADatagramHoldsIsRefused() throws Exception {
        connectBoth();
        for (final ByteBuffer src : new ByteBuffer[] {ByteBuffer.allocate(MAX + 1), ByteBuffer.allocateDirect(MAX + 1),
            ByteBuffer.allocate(100_000)}) {
            assertThatThrownBy(() -> channel.send(src, addressOf(peer))).isExactlyInstanceOf(IOException.class)
                .hasMessage("Message too long");
            assertThatThrownBy(() -> channel.write(src)).isExactlyInstanceOf(IOException.class).hasMessage("Message too long");
            assertThatThrownBy(() -> channel.write(new ByteBuffer[] {src, bytes("x")})).isExactlyInstanceOf(IOException.class)
                .hasMessage("Message too long");
            assertThat(src.position()).isZero();
        }
        channel.disconnect();
        assertThatThrownBy(() -> channel.send(ByteBuffer.allocate(MAX + 1), addressOf(peer))).isExactlyInstanceOf(SocketException.class)
            .hasMessage("Message too long");
    }

    @Test
    void aShortBufferGetsTheStartAndTheRestIsGone() throws Exception {
        channel.send(bytes("0123456789"), addressOf(peer));
        channel.send(bytes("next"), addressOf(peer));
        final ByteBuffer dst = ByteBuffer.allocate(4);
        assertThat(receive(peer, dst)).isEqualTo(addressOf(channel));
        assertThat(text(dst.flip())).isEqualTo("0123");
        assertThat(receiveText(peer)).isEqualTo("next");
        assertFast(channel, peer, 2);
    }

    @Test
    void aFullBufferStillTakesADatagramByReceive() throws Exception {
        channel.send(bytes("lost"), addressOf(peer));
        channel.send(bytes("next"), addressOf(peer));
        final ByteBuffer full = ByteBuffer.allocate(8).position(8);
        assertThat(receive(peer, full)).isEqualTo(addressOf(channel));
        assertThat(full.position()).isEqualTo(8);
        assertThat(receiveText(peer)).isEqualTo("next");
        assertFast(channel, peer, 2);
    }

    @Test
    void aFullBufferTakesNothingByRead() throws Exception {
        connectBoth();
        channel.write(bytes("kept"));
        assertThat(peer.read(ByteBuffer.allocate(0))).isZero();
        assertThat(peer.read(new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.allocate(0)})).isZero();
        final ByteBuffer dst = ByteBuffer.allocate(8);
        Eventually.holds("the datagram is still there", () -> peer.read(dst) > 0);
        assertThat(text(dst.flip())).isEqualTo("kept");
    }

    @Test
    void anEmptyDatagramIsOneWhenItIsNotConnected() throws Exception {
        final ByteBuffer empty = ByteBuffer.allocate(4).position(4);
        assertThat(channel.send(empty, addressOf(peer))).isZero();
        channel.send(bytes("after"), addressOf(peer));
        final ByteBuffer dst = ByteBuffer.allocate(9).position(1);
        assertThat(receive(peer, dst)).isEqualTo(addressOf(channel));
        assertThat(dst.position()).isEqualTo(1);
        assertThat(receiveText(peer)).isEqualTo("after");
        assertFast(channel, peer, 2);
    }

    @Test
    void anEmptyDatagramIsNothingWhenItIsConnected() throws Exception {
        channel.connect(addressOf(peer));
        final ByteBuffer empty = ByteBuffer.allocate(0);
        assertThat(channel.write(empty)).isZero();
        assertThat(channel.send(empty, addressOf(peer))).isZero();
        assertThat(channel.write(new ByteBuffer[] {empty, empty})).isZero();
        assertThat(channel.write(new ByteBuffer[0])).isZero();
        assertNothingBefore(channel, peer);
        assertFast(channel, peer, 1);
    }

    @Test
    void anEmptyDatagramIsReadAsMinusOne() throws Exception {
        peer.connect(addressOf(channel));
        channel.send(ByteBuffer.allocate(0), addressOf(peer));
        final ByteBuffer dst = ByteBuffer.allocate(5);
        // The JDK's native code takes 0 bytes for the end of a stream.
        assertThat(peer.read(dst)).isEqualTo(-1);
        channel.send(ByteBuffer.allocate(0), addressOf(peer));
        assertThat(peer.read(new ByteBuffer[] {dst})).isEqualTo(-1);
        peer.configureBlocking(false);
        assertThat(peer.read(dst)).as("nothing there").isZero();
        channel.send(ByteBuffer.allocate(0), addressOf(peer));
        Eventually.holds("the empty one is read", () -> peer.read(dst) == -1);
        peer.configureBlocking(true);
        channel.send(bytes("after"), addressOf(peer));
        assertThat(peer.read(dst)).isEqualTo(5);
        assertFast(channel, peer, 4);
    }

    @Test
    void nothingThereIsNullOrZero() throws Exception {
        channel.configureBlocking(false);
        final ByteBuffer dst = ByteBuffer.allocate(5);
        assertThat(channel.receive(dst)).isNull();
        channel.connect(addressOf(peer));
        assertThat(channel.read(dst)).isZero();
        assertThat(channel.read(new ByteBuffer[] {dst})).isZero();
        assertThat(dst.position()).isZero();
    }

    @Test
    void aGatheringWriteIsOneDatagram() throws Exception {
        connectBoth();
        final ByteBuffer[] parts = {bytes("skipped"), bytes("ab"), ByteBuffer.allocate(0),
            ByteBuffer.allocateDirect(2).put(bytes("cd")).flip(), bytes("ef").asReadOnlyBuffer(), bytes("skipped")};
        assertThat(channel.write(parts, 1, 4)).isEqualTo(6);
        assertThat(parts[0].position()).isZero();
        assertThat(parts[1].hasRemaining() || parts[3].hasRemaining() || parts[4].hasRemaining()).isFalse();
        assertThat(receiveText(peer)).isEqualTo("abcdef");

        final ByteBuffer[] many = new ByteBuffer[1024];
        for (int i = 0; i < many.length; i++) {
            many[i] = ByteBuffer.wrap(new byte[] {(byte) i});
        }
        assertThat(channel.write(many)).isEqualTo(1024);
        final ByteBuffer dst = ByteBuffer.allocate(2000);
        receive(peer, dst);
        assertThat(dst.position()).isEqualTo(1024);
        assertThat(dst.get(1000)).isEqualTo((byte) 1000);
        assertFast(channel, peer, 2);
    }

    @Test
    void aGatheringWriteTakesTheFirst1024Buffers() throws Exception {
        connectBoth();
        final ByteBuffer[] tooMany = new ByteBuffer[1030];
        for (int i = 0; i < tooMany.length; i++) {
            tooMany[i] = ByteBuffer.wrap(new byte[] {1});
        }
        assertThat(channel.write(tooMany)).isEqualTo(1024);
        assertThat(tooMany[1023].hasRemaining()).isFalse();
        assertThat(tooMany[1024].hasRemaining()).isTrue();
        final ByteBuffer dst = ByteBuffer.allocate(2000);
        receive(peer, dst);
        assertThat(dst.position()).isEqualTo(1024);
    }

    @Test
    void aScatteringReadTakesOneDatagram() throws Exception {
        connectBoth();
        channel.write(bytes("abcdefgh"));
        channel.write(bytes("truncated-here"));
        channel.write(bytes("last"));
        final ByteBuffer untouched = ByteBuffer.allocate(4);
        final ByteBuffer one = ByteBuffer.allocate(3);
        final ByteBuffer two = ByteBuffer.allocateDirect(10).position(5);
        final ByteBuffer three = ByteBuffer.allocate(4);
        final ByteBuffer[] dsts = {untouched, one, two, three};
        assertThat(peer.read(dsts, 1, 3)).isEqualTo(8);
        assertThat(text(one.flip())).isEqualTo("abc");
        assertThat(text(two.flip().position(5))).isEqualTo("defgh");
        assertThat(three.position()).isZero();
        assertThat(untouched.position()).isZero();

        one.clear();
        two.clear().limit(4);
        assertThat(peer.read(new ByteBuffer[] {one, two})).isEqualTo(7);
        assertThat(text(two.flip())).isEqualTo("ncat");
        assertThat(receiveText(peer)).isEqualTo("last");
        assertFast(channel, peer, 3);
    }

    @Test
    void consecutiveDatagramsHaveTheIdenticalSender() throws Exception {
        for (int i = 0; i < 3; i++) {
            channel.send(bytes("x"), addressOf(peer));
        }
        final ByteBuffer dst = ByteBuffer.allocate(9);
        final SocketAddress first = receive(peer, dst);
        assertThat(receive(peer, dst)).isSameAs(first);
        assertThat(receive(peer, dst)).isSameAs(first);
        assertThat(((InetSocketAddress) first).getAddress()).isInstanceOf(Inet4Address.class);
    }

    @Test
    void aReceiveChecksItsArgumentFirst() throws Exception {
        assertThatThrownBy(() -> channel.receive(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.receive(ByteBuffer.allocate(1).asReadOnlyBuffer())).isInstanceOf(IllegalArgumentException.class)
            .hasMessage("Read-only buffer");
        channel.close();
        assertThatThrownBy(() -> channel.receive(ByteBuffer.allocate(1).asReadOnlyBuffer())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReadChecksItsStateFirst() throws Exception {
        final ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
        assertThatThrownBy(() -> channel.read((ByteBuffer) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.read(readOnly)).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.read(new ByteBuffer[] {readOnly})).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.read(new ByteBuffer[1], 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> channel.write(new ByteBuffer[1], -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        channel.connect(addressOf(peer));
        assertThatThrownBy(() -> channel.read(readOnly)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1), readOnly}))
            .isInstanceOf(IllegalArgumentException.class);
        channel.close();
        assertThatThrownBy(() -> channel.read(new ByteBuffer[1], 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> channel.read(readOnly)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aSendChecksItsTargetFirst() throws Exception {
        assertThatThrownBy(() -> channel.write(bytes("x"))).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write(new ByteBuffer[] {bytes("x")})).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write((ByteBuffer) null)).isInstanceOf(NullPointerException.class);
        final ByteBuffer src = bytes("x");
        assertThatThrownBy(() -> channel.send(src, new InetSocketAddress(NEAR, 0))).isInstanceOf(SocketException.class)
            .hasMessage("Can't send to port 0");
        assertThat(src.position()).isZero();
        channel.connect(addressOf(peer));
        assertThatThrownBy(() -> channel.send(src, addressOf(channel))).isInstanceOf(AlreadyConnectedException.class);
        assertThatThrownBy(() -> channel.send(src, new InetSocketAddress(NEAR, 0))).isInstanceOf(AlreadyConnectedException.class);
        assertThat(channel.send(src, addressOf(peer))).isEqualTo(1);
        channel.close();
        assertThatThrownBy(() -> channel.send(null, addressOf(channel))).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> channel.send(src, InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
            .isInstanceOf(java.nio.channels.UnresolvedAddressException.class);
    }

    @Test
    void aBlockingOperationOnAClosedChannelWasClosedAsynchronously() throws Exception {
        final InetSocketAddress target = addressOf(peer);
        channel.connect(target);
        channel.close();
        // The subclass on JDK 17, the plain exception on 25.
        final Class<? extends ClosedChannelException> expected =
            Runtime.version().feature() == 17 ? AsynchronousCloseException.class : ClosedChannelException.class;
        final ByteBuffer buffer = ByteBuffer.allocate(4);
        assertThatThrownBy(() -> channel.receive(buffer)).isExactlyInstanceOf(expected);
        assertThatThrownBy(() -> channel.read(buffer)).isExactlyInstanceOf(expected);
        assertThatThrownBy(() -> channel.read(new ByteBuffer[] {buffer})).isExactlyInstanceOf(expected);
        assertThatThrownBy(() -> channel.send(buffer, target)).isExactlyInstanceOf(expected);
        assertThatThrownBy(() -> channel.write(buffer)).isExactlyInstanceOf(expected);
        assertThatThrownBy(() -> channel.write(new ByteBuffer[] {buffer})).isExactlyInstanceOf(expected);
    }

    @Test
    void aNonBlockingOperationOnAClosedChannelFindsItClosed() throws Exception {
        final InetSocketAddress target = addressOf(peer);
        channel.configureBlocking(false);
        channel.connect(target);
        channel.close();
        final ByteBuffer buffer = ByteBuffer.allocate(4);
        assertThatThrownBy(() -> channel.receive(buffer)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.read(buffer)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.read(new ByteBuffer[] {buffer})).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.send(buffer, target)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(buffer)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(new ByteBuffer[] {buffer})).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void orderAndContentAreKeptThroughBursts() throws Exception {
        final ByteBuffer src = ByteBuffer.allocateDirect(256);
        final ByteBuffer dst = ByteBuffer.allocateDirect(256);
        int next = 0;
        for (int burst = 0; burst < 200; burst++) {
            final int first = next;
            final int count = 1 + burst % 40;
            for (int i = 0; i < count; i++) {
                src.clear().putInt(first + i).limit(4 + (first + i) % 250).position(0);
                channel.send(src, addressOf(peer));
            }
            for (int i = 0; i < count; i++) {
                dst.clear();
                receive(peer, dst);
                assertThat(dst.getInt(0)).isEqualTo(next);
                assertThat(dst.position()).isEqualTo(4 + next % 250);
                next++;
            }
        }
        assertFast(channel, peer, next);
    }

    @Test
    void aBlockingReceiveWaitsForItsDatagram() throws Exception {
        final ByteBuffer dst = ByteBuffer.allocate(9);
        final Background<SocketAddress> waiting = Background.start("receiver", () -> peer.receive(dst));
        waiting.awaitIn("receive");
        channel.send(bytes("woken"), addressOf(peer));
        assertThat(waiting.result()).isEqualTo(addressOf(channel));
        assertThat(text(dst.flip())).isEqualTo("woken");
    }
}
