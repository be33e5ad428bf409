package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;

/** Blocking mode, and close and interrupt from another thread. */
class BlockingContractTest extends Contract {
    private static final int REPETITIONS = 200;

    private interface Operation {
        void run(DatagramChannel channel, ByteBuffer buffer) throws Exception;
    }

    private static final Operation[] RECEIVES = {
        DatagramChannel::receive,
        DatagramChannel::read,
        (channel, buffer) -> channel.read(new ByteBuffer[] {buffer, ByteBuffer.allocate(3)}),
    };

    private DatagramChannel connected() throws Exception {
        return bound().connect(addressOf(boundPeer()));
    }

    @Test
    void closeEndsEveryKindOfBlockedReceive() throws Exception {
        for (final Operation operation : RECEIVES) {
            final DatagramChannel channel = connected();
            final Background<Void> blocked = blocked(channel, operation);
            blocked.awaitIn(operation == RECEIVES[0] ? "receive" : "read");
            channel.close();
            assertThat(blocked.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void interruptClosesEveryKindOfBlockedReceive() throws Exception {
        for (final Operation operation : RECEIVES) {
            final DatagramChannel channel = connected();
            final boolean[] kept = new boolean[1];
            final Background<Void> blocked = Background.start("blocked", () -> {
                try {
                    operation.run(channel, ByteBuffer.allocate(9));
                } finally {
                    kept[0] = Thread.interrupted();
                }
                return null;
            });
            blocked.awaitIn(operation == RECEIVES[0] ? "receive" : "read");
            blocked.thread().interrupt();
            assertThat(blocked.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(kept[0]).as("the status stays").isTrue();
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void anInterruptBeforehandClosesToo() throws Exception {
        final Operation[] operations = {RECEIVES[0], RECEIVES[1], RECEIVES[2],
            DatagramChannel::write,
            (channel, buffer) -> channel.write(new ByteBuffer[] {buffer}),
            (channel, buffer) -> channel.send(buffer, channel.getRemoteAddress())};
        for (final Operation operation : operations) {
            final DatagramChannel channel = connected();
            final Background<Void> interrupted = Background.start("interrupted", () -> {
                Thread.currentThread().interrupt();
                operation.run(channel, ByteBuffer.allocate(9));
                return null;
            });
            assertThat(interrupted.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void aDatagramThatIsThereDoesNotSaveAnInterruptedReceive() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        peer.send(bytes("x"), addressOf(channel));
        final Background<Object> interrupted = Background.start("interrupted", () -> {
            Thread.currentThread().interrupt();
            return channel.receive(ByteBuffer.allocate(9));
        });
        assertThat(interrupted.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
    }

    @Test
    void nonBlockingOperationsDoNotLookAtTheInterruptStatus() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        channel.configureBlocking(false);
        final Background<Object> interrupted = Background.start("interrupted", () -> {
            Thread.currentThread().interrupt();
            channel.receive(ByteBuffer.allocate(9));
            return channel.send(bytes("x"), addressOf(peer));
        });
        assertThat(interrupted.result()).isEqualTo(1);
        assertThat(channel.isOpen()).isTrue();
        assertThat(receiveText(peer)).isEqualTo("x");
    }

    @Test
    void thePortIsFreeAsSoonAsAnIdleChannelIsClosed() throws Exception {
        final int port = addressOf(bound()).getPort();
        closeAll();
        for (int i = 0; i < REPETITIONS; i++) {
            final DatagramChannel channel = pairing.provider().openDatagramChannel();
            channel.configureBlocking(i % 2 == 0);
            channel.bind(new InetSocketAddress(NEAR, port));
            channel.close();
            assertThat(channel.isOpen()).isFalse();
            channel.close();
        }
    }

    @Test
    void thePortIsFreeOnceABlockedReceiverHasLeft() throws Exception {
        final int port = addressOf(bound()).getPort();
        closeAll();
        for (int i = 0; i < REPETITIONS; i++) {
            final DatagramChannel channel = pairing.provider().openDatagramChannel().bind(new InetSocketAddress(NEAR, port));
            final boolean interrupt = i % 2 == 0;
            final Background<Void> blocked = blocked(channel, DatagramChannel::receive);
            blocked.awaitIn("receive");
            if (interrupt) {
                blocked.thread().interrupt();
            } else {
                channel.close();
            }
            assertThat(blocked.failure()).isExactlyInstanceOf(
                interrupt ? ClosedByInterruptException.class : AsynchronousCloseException.class);
        }
    }

    @Test
    void thePortIsFreeAfterTheNextSelectWhenRegistered() throws Exception {
        final int port = addressOf(bound()).getPort();
        closeAll();
        final Selector selector = selector();
        for (int i = 0; i < REPETITIONS; i++) {
            final DatagramChannel channel = pairing.provider().openDatagramChannel();
            channel.configureBlocking(false);
            final SelectionKey key = channel.bind(new InetSocketAddress(NEAR, port)).register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            channel.close();
            assertThat(key.isValid()).isFalse();
            assertThat(channel.isRegistered()).isTrue();
            selector.selectNow();
            assertThat(channel.isRegistered()).isFalse();
            assertThat(selector.keys()).isEmpty();
        }
    }

    @Test
    void thePortIsFreeAfterACloseWhileASelectSleepsOnIt() throws Exception {
        final int port = addressOf(bound()).getPort();
        closeAll();
        final Selector selector = selector();
        for (int i = 0; i < REPETITIONS; i++) {
            final DatagramChannel channel = pairing.provider().openDatagramChannel();
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(NEAR, port)).register(selector, SelectionKey.OP_READ);
            final Background<Integer> selecting = Background.start("selecting", selector::select);
            selecting.awaitIn("doSelect");
            channel.close();
            selector.wakeup();
            assertThat(selecting.result()).isZero();
            selector.selectNow();
        }
    }

    @Test
    void theModeCannotChangeWhileRegistered() throws Exception {
        final DatagramChannel channel = bound();
        assertThatThrownBy(() -> channel.register(selector(), SelectionKey.OP_READ)).isInstanceOf(IllegalBlockingModeException.class);
        channel.configureBlocking(false);
        final SelectionKey key = channel.register(selector(), SelectionKey.OP_READ);
        assertThatThrownBy(() -> channel.configureBlocking(true)).isInstanceOf(IllegalBlockingModeException.class);
        key.cancel();
        channel.configureBlocking(true);
        assertThat(channel.isBlocking()).isTrue();
        final Background<Void> blocked = blocked(channel, DatagramChannel::receive);
        blocked.awaitIn("receive");
        assertThat(blocked.isDone()).isFalse();
        boundPeer().send(bytes("x"), addressOf(channel));
        blocked.result();
    }

    @Test
    void configureBlockingWaitsForABlockedReceive() throws Exception {
        final DatagramChannel channel = bound();
        final Background<Void> blocked = blocked(channel, DatagramChannel::receive);
        blocked.awaitIn("receive");
        final Background<Object> changing = Background.start("changing", () -> channel.configureBlocking(false));
        changing.awaitIn("implConfigureBlocking");
        assertThat(channel.getOption(StandardSocketOptions.SO_BROADCAST)).as("options do not wait").isFalse();
        assertThat(channel.isOpen()).isTrue();
        boundPeer().send(bytes("x"), addressOf(channel));
        blocked.result();
        changing.result();
        assertThat(channel.receive(ByteBuffer.allocate(1))).isNull();
    }

    @Test
    void whatNeedsNoSideDoesNotWaitForABlockedReader() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final Background<SocketAddress> reader = Background.start("reader", () -> channel.receive(ByteBuffer.allocate(9)));
        reader.awaitIn("receive");
        final Background<Boolean> others = Background.start("others", () -> {
            final var key = channel.join(java.net.InetAddress.getByName("239.255.11.9"), Network.HERE.nearInterface());
            channel.setOption(StandardSocketOptions.IP_TOS, 8);
            channel.socket().setSoTimeout(5);
            final boolean open = channel.isOpen() && channel.isBlocking() && channel.getLocalAddress() != null && key.isValid();
            key.drop();
            return open && channel.getRemoteAddress() == null && channel.getOption(StandardSocketOptions.IP_TOS) == 8;
        });
        assertThat(others.result()).isTrue();
        assertThat(reader.isDone()).isFalse();
        peer.send(bytes("x"), addressOf(channel));
        assertThat(reader.result()).isEqualTo(addressOf(peer));
    }

    @Test
    void aSecondReaderQueues() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final Background<SocketAddress> first = Background.start("first", () -> channel.receive(ByteBuffer.allocate(9)));
        first.awaitIn("receive");
        final Background<SocketAddress> second = Background.start("second", () -> channel.receive(ByteBuffer.allocate(9)));
        second.awaitIn("receive");
        peer.send(bytes("1"), addressOf(channel));
        peer.send(bytes("2"), addressOf(channel));
        assertThat(first.result()).isEqualTo(addressOf(peer));
        assertThat(second.result()).isEqualTo(addressOf(peer));
    }

    @Test
    void closeEndsAllReadersThatQueue() throws Exception {
        final DatagramChannel channel = bound();
        final Background<Void> first = blocked(channel, DatagramChannel::receive);
        first.awaitIn("receive");
        final Background<Void> second = blocked(channel, DatagramChannel::receive);
        second.awaitIn("receive");
        final InetSocketAddress local = addressOf(channel);
        channel.close();
        assertThat(first.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(second.failure()).isInstanceOf(ClosedChannelException.class);
        bindEventually(local);
    }

    @Test
    void aWriterIsNotHeldUpByABlockedReader() throws Exception {
        final DatagramChannel channel = bound();
        final DatagramChannel peer = boundPeer();
        final Background<SocketAddress> reader = Background.start("reader", () -> channel.receive(ByteBuffer.allocate(9)));
        reader.awaitIn("receive");
        for (int i = 0; i < 100; i++) {
            channel.send(bytes("x"), addressOf(peer));
            assertThat(receiveText(peer)).isEqualTo("x");
        }
        assertThat(reader.isDone()).isFalse();
        peer.send(bytes("x"), addressOf(channel));
        assertThat(reader.result()).isEqualTo(addressOf(peer));
    }

    @Test
    void aRunningExchangeEndsWithTheClose() throws Exception {
        for (int i = 0; i < 50; i++) {
            final DatagramChannel channel = bound();
            final DatagramChannel peer = boundPeer();
            final InetSocketAddress local = addressOf(channel);
            final InetSocketAddress remote = addressOf(peer);
            final Background<Void> reader = Background.start("reader", () -> {
                for (;;) {
                    channel.receive(ByteBuffer.allocate(9));
                }
            });
            final Background<Void> writer = Background.start("writer", () -> {
                for (;;) {
                    channel.send(bytes("x"), remote);
                }
            });
            for (int sent = 0; sent < 100 + i; sent++) {
                peer.send(bytes("x"), local);
            }
            channel.close();
            assertThat(reader.failure()).isInstanceOf(ClosedChannelException.class);
            assertThat(writer.failure()).isInstanceOf(ClosedChannelException.class);
            bindEventually(local);
        }
    }

    /** Freed by the last thread to leave, which has thrown by then but perhaps not unlocked. */
    private void bindEventually(InetSocketAddress local) throws Exception {
        Eventually.holds("the port is free", () -> {
            try (DatagramChannel again = pairing.provider().openDatagramChannel()) {
                again.bind(local);
                return true;
            } catch (final java.net.BindException e) {
                return false;
            }
        });
    }

    private static Background<Void> blocked(DatagramChannel channel, Operation operation) {
        return Background.start("blocked", () -> {
            operation.run(channel, ByteBuffer.allocate(9));
            return null;
        });
    }
}
