package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
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
        final Meeting meeting = new Meeting(3);
        final DatagramChannel[] current = new DatagramChannel[1];
        try (DatagramChannel sink = Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0))) {
            final InetSocketAddress to = (InetSocketAddress) sink.getLocalAddress();
            meeting.attend("writer", () -> operate(meeting, current, to, DatagramChannel::send));
            // Its own datagram is there: it does not wait, but comes and goes.
            meeting.attend("reader", () -> operate(meeting, current, to, (channel, buffer, any) -> {
                channel.send(buffer, channel.getLocalAddress());
                channel.receive(buffer.clear());
            }));
            meeting.attend("closer", () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    current[0] = Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0));
                    final InetSocketAddress local = (InetSocketAddress) current[0].getLocalAddress();
                    meeting.await();
                    spin(i % 400 * 10);
                    current[0].close();
                    meeting.await();
                    try (DatagramChannel again = Pairing.jdk().openDatagramChannel()) {
                        assertThat(again.bind(local).getLocalAddress()).isEqualTo(local);
                    }
                }
                return null;
            });
            meeting.end();
        }
    }

    private static Void operate(Meeting meeting, DatagramChannel[] current, InetSocketAddress to, Operation operation) throws Exception {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        for (int i = 0; i < ROUNDS; i++) {
            meeting.await();
            try {
                for (;;) {
                    operation.run(current[0], buffer.clear(), to);
                }
            } catch (final ClosedChannelException end) {
                meeting.await();
            }
        }
        return null;
    }

    /** Who interrupts holds a lock of the JDK's while it closes the channel, and waits for those of the channel. */
    @Test
    void anInterruptAtAnyMomentOfABlockingReceiveEndsIt() throws Exception {
        final Meeting meeting = new Meeting(2);
        final DatagramChannel[] current = new DatagramChannel[1];
        final Thread reader = meeting.attend("reader", () -> {
            for (int i = 0; i < INTERRUPTS; i++) {
                meeting.await();
                try {
                    throw new AssertionError("nobody has sent, but " + current[0].receive(ByteBuffer.allocate(8)));
                } catch (final ClosedChannelException end) {
                    Thread.interrupted();
                    meeting.await();
                }
            }
            return null;
        });
        meeting.attend("interrupter", () -> {
            for (int i = 0; i < INTERRUPTS; i++) {
                current[0] = Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0));
                meeting.await();
                spin(i % 100 * 3);
                reader.interrupt();
                meeting.await();
            }
            return null;
        });
        meeting.end(new LostInterrupt(reader)::repeat);
    }

    /**
     * A thread of a JDK before 23 (21.0.5) that is interrupted at the wrong nanosecond stays in the receive of the JDK's own channel, here
     * the shadow of one that is not accelerated: the interrupt is set after it was found that nothing blocks (JDK-8323782).
     */
    private static final class LostInterrupt {
        private static final int PATIENCE = 500;

        private final Thread reader;
        private int looks;

        LostInterrupt(Thread reader) {
            this.reader = reader;
        }

        void repeat() {
            if (!reader.isInterrupted() || !isInTheJdksReceive()) {
                looks = 0;
            } else if (++looks > PATIENCE) {
                reader.interrupt();
                looks = 0;
            }
        }

        private boolean isInTheJdksReceive() {
            final StackTraceElement[] stack = reader.getStackTrace();
            return stack.length > 0 && stack[0].getMethodName().equals("receive0");
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
