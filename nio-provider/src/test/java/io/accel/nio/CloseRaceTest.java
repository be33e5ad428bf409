package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that leave a channel while it is closed: one of them, or the closer, gives its port back, whatever the moment. */
@Tag("contract")
class CloseRaceTest {
    private static final int ROUNDS = 1_000;
    private static final int INTERRUPTS = 10_000;

    private interface Operation {
        void run(DatagramChannel channel, ByteBuffer buffer, InetSocketAddress to) throws Exception;
    }

    @Test
    void theLastToLeaveAlwaysFreesThePort() throws Exception {
        final CyclicBarrier start = new CyclicBarrier(3);
        final DatagramChannel[] current = new DatagramChannel[1];
        try (DatagramChannel sink = Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0))) {
            final InetSocketAddress to = (InetSocketAddress) sink.getLocalAddress();
            final Background<Void> writer = rounds("writer", start, current, to, DatagramChannel::send);
            // Its own datagram is there: it does not wait, but comes and goes.
            final Background<Void> reader = rounds("reader", start, current, to, (channel, buffer, any) -> {
                channel.send(buffer, channel.getLocalAddress());
                channel.receive(buffer.clear());
            });
            for (int i = 0; i < ROUNDS; i++) {
                final DatagramChannel channel = Pairing.ours().openDatagramChannel();
                channel.bind(new InetSocketAddress(Contract.LOOPBACK, 0));
                final InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
                current[0] = channel;
                start.await();
                for (int spins = 0; spins < i % 400 * 10; spins++) {
                    Thread.onSpinWait();
                }
                channel.close();
                start.await();
                try (DatagramChannel again = Pairing.jdk().openDatagramChannel()) {
                    assertThat(again.bind(local).getLocalAddress()).isEqualTo(local);
                }
            }
            writer.result();
            reader.result();
        }
    }

    /** Who interrupts holds a lock of the JDK's while it closes the channel, and waits for those of the channel. */
    @Test
    void anInterruptAtAnyMomentOfABlockingReceiveEndsIt() throws Exception {
        final CyclicBarrier start = new CyclicBarrier(2);
        final DatagramChannel[] current = new DatagramChannel[1];
        final Thread[] thread = new Thread[1];
        final Background<Void> reader = Background.start("reader", () -> {
            thread[0] = Thread.currentThread();
            for (int i = 0; i < INTERRUPTS; i++) {
                start.await();
                try {
                    current[0].receive(ByteBuffer.allocate(8));
                    throw new AssertionError("nobody has sent");
                } catch (final ClosedChannelException end) {
                    Thread.interrupted();
                    start.await();
                }
            }
            return null;
        });
        for (int i = 0; i < INTERRUPTS; i++) {
            current[0] = Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0));
            start.await();
            for (int spins = 0; spins < i % 100 * 3; spins++) {
                Thread.onSpinWait();
            }
            thread[0].interrupt();
            start.await();
        }
        reader.result();
    }

    private static Background<Void> rounds(String name, CyclicBarrier start, DatagramChannel[] current, InetSocketAddress to,
                                           Operation operation) {
        return Background.start(name, () -> {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
            for (int i = 0; i < ROUNDS; i++) {
                start.await();
                try {
                    for (;;) {
                        operation.run(current[0], buffer.clear(), to);
                    }
                } catch (final ClosedChannelException end) {
                    start.await();
                }
            }
            return null;
        });
    }
}
