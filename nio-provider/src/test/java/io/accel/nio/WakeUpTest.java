package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.config.Options;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two threads that wake each other by turns. A lost wake-up would end the exchange, or hold it up until the second passes after which
 * every sleeper looks again; a turn that takes that long is one. In the build's execution without spinning each turn is a sleep.
 */
@Tag("contract")
@Tag("asleep")
@Timeout(120)
class WakeUpTest {
    private static final long LOST_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private static int turns() {
        Pairing.ours();
        return Accel.stack().configuration().get(Options.SPIN_MICROS) == 0 ? 20_000 : 3_000;
    }

    private static DatagramChannel open() throws Exception {
        return Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0));
    }

    private interface Wait {
        void forDatagram(DatagramChannel channel, ByteBuffer into) throws Exception;
    }

    private static void byTurns(DatagramChannel one, DatagramChannel two, Wait waitOne, Wait waitTwo) throws Exception {
        final int turns = turns();
        final InetSocketAddress toOne = (InetSocketAddress) one.getLocalAddress();
        final InetSocketAddress toTwo = (InetSocketAddress) two.getLocalAddress();
        final Background<Void> echo = Background.start("echo", () -> {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
            for (int i = 0; i < turns; i++) {
                waitTwo.forDatagram(two, buffer.clear());
                two.send(buffer.flip(), toOne);
            }
            return null;
        });
        final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        long longest = 0;
        for (int i = 0; i < turns; i++) {
            final long start = System.nanoTime();
            one.send(buffer.clear().putInt(i).flip(), toTwo);
            waitOne.forDatagram(one, buffer.clear());
            longest = Math.max(longest, System.nanoTime() - start);
            assertThat(buffer.getInt(0)).isEqualTo(i);
        }
        echo.result();
        assertThat(longest).as("the longest turn, in nanoseconds").isLessThan(LOST_NANOS);
    }

    private static void blocking(DatagramChannel channel, ByteBuffer into) throws Exception {
        assertThat(channel.receive(into)).isNotNull();
    }

    private static Wait selecting(Selector selector) {
        return (channel, into) -> {
            while (channel.receive(into) == null) {
                selector.select();
                selector.selectedKeys().clear();
            }
        };
    }

    private static Wait selectingFirst(Selector selector) {
        return (channel, into) -> {
            do {
                selector.select();
                selector.selectedKeys().clear();
            } while (channel.receive(into) == null);
        };
    }

    @Test
    void blockedReceivers() throws Exception {
        try (DatagramChannel one = open(); DatagramChannel two = open()) {
            byTurns(one, two, WakeUpTest::blocking, WakeUpTest::blocking);
        }
    }

    @Test
    void sleepingSelectors() throws Exception {
        try (DatagramChannel one = open(); DatagramChannel two = open(); Selector first = Pairing.ours().openSelector();
            Selector second = Pairing.ours().openSelector()) {
            one.configureBlocking(false).register(first, SelectionKey.OP_READ);
            two.configureBlocking(false).register(second, SelectionKey.OP_READ);
            byTurns(one, two, selectingFirst(first), selecting(second));
        }
    }

    @Test
    void aBlockedReceiverAndASelector() throws Exception {
        try (DatagramChannel one = open(); DatagramChannel two = open(); Selector selector = Pairing.ours().openSelector()) {
            two.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            byTurns(one, two, WakeUpTest::blocking, selectingFirst(selector));
        }
    }

    @Test
    void wakeupsOfASelector() throws Exception {
        final int turns = turns();
        try (DatagramChannel registered = open(); Selector selector = Pairing.ours().openSelector()) {
            registered.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            final AtomicLong round = new AtomicLong();
            final Background<Void> selecting = Background.start("selecting", () -> {
                for (int i = 0; i < turns; i++) {
                    selector.select();
                    round.incrementAndGet();
                }
                return null;
            });
            for (int i = 0; i < turns; i++) {
                selector.wakeup();
                final int done = i;
                Eventually.holds("the select returned", () -> round.get() > done);
            }
            selecting.result();
        }
    }

    @Test
    void severalSelectorsAndReadersAtOnce() throws Exception {
        final int pairs = 4;
        final int turns = turns() / 10;
        final List<Background<Void>> echoes = new ArrayList<>();
        final DatagramChannel[] channels = new DatagramChannel[2 * pairs];
        final Selector[] selectors = new Selector[pairs];
        try (DatagramChannel client = open()) {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
            for (int i = 0; i < 2 * pairs; i++) {
                final DatagramChannel channel = open();
                channels[i] = channel;
                final Wait wait;
                if (i < pairs) {
                    selectors[i] = Pairing.ours().openSelector();
                    channel.configureBlocking(false).register(selectors[i], SelectionKey.OP_READ);
                    wait = selecting(selectors[i]);
                } else {
                    wait = WakeUpTest::blocking;
                }
                echoes.add(Background.start("echo " + i, () -> {
                    final ByteBuffer own = ByteBuffer.allocateDirect(8);
                    for (int turn = 0; turn < turns; turn++) {
                        wait.forDatagram(channel, own.clear());
                        channel.send(own.flip(), client.getLocalAddress());
                    }
                    return null;
                }));
            }
            for (int turn = 0; turn < turns; turn++) {
                for (final DatagramChannel channel : channels) {
                    client.send(buffer.clear().putInt(turn).flip(), channel.getLocalAddress());
                }
                for (int i = 0; i < channels.length; i++) {
                    blocking(client, buffer.clear());
                    assertThat(buffer.getInt(0)).isEqualTo(turn);
                }
            }
            for (final Background<Void> echo : echoes) {
                echo.result();
            }
        } finally {
            for (final DatagramChannel channel : channels) {
                channel.close();
            }
            for (final Selector selector : selectors) {
                selector.close();
            }
        }
    }

    @Test
    void oneReaderAndOneWriterOnOneChannel() throws Exception {
        final int count = turns() * 5;
        try (DatagramChannel one = open(); DatagramChannel two = open()) {
            one.connect(two.getLocalAddress());
            two.connect(one.getLocalAddress());
            final Background<Void> echo = Background.start("echo", () -> {
                final ByteBuffer own = ByteBuffer.allocateDirect(8);
                for (int i = 0; i < count; i++) {
                    two.read(own.clear());
                    two.write(own.flip());
                }
                return null;
            });
            final AtomicLong returned = new AtomicLong();
            final Background<Void> reader = Background.start("reader", () -> {
                final ByteBuffer own = ByteBuffer.allocateDirect(8);
                for (int i = 0; i < count; i++) {
                    assertThat(one.read(own.clear())).isEqualTo(4);
                    assertThat(own.getInt(0)).isEqualTo(i);
                    returned.incrementAndGet();
                }
                return null;
            });
            final ByteBuffer own = ByteBuffer.allocateDirect(8);
            for (int i = 0; i < count; i++) {
                final int sent = i;
                // No more on the way than any queue holds.
                if (sent - returned.get() > 64) {
                    Eventually.holds("the reader comes after", () -> reader.isDone() || sent - returned.get() <= 64);
                }
                one.write(own.clear().putInt(i).flip());
            }
            reader.result();
            echo.result();
        }
    }

    @Test
    void aDatagramLeftByAnotherReaderIsFoundByTheSelect() throws Exception {
        try (DatagramChannel channel = open(); DatagramChannel peer = open(); Selector selector = Pairing.ours().openSelector()) {
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            final AtomicLong received = new AtomicLong();
            final int count = turns() * 2;
            final Background<Void> other = Background.start("other reader", () -> {
                final ByteBuffer own = ByteBuffer.allocate(8);
                while (received.get() < count) {
                    if (channel.receive(own.clear()) != null) {
                        received.incrementAndGet();
                    }
                    Thread.yield();
                }
                return null;
            });
            final Background<Void> selecting = Background.start("selecting", () -> {
                final ByteBuffer own = ByteBuffer.allocate(8);
                while (received.get() < count) {
                    selector.select(5);
                    selector.selectedKeys().clear();
                    if (channel.receive(own.clear()) != null) {
                        received.incrementAndGet();
                    }
                }
                return null;
            });
            for (int i = 0; i < count; i++) {
                final int sent = i;
                Eventually.holds("one of the two received it", () -> sent - received.get() < 64);
                peer.send(Contract.bytes("x"), channel.getLocalAddress());
            }
            other.result();
            selecting.result();
        }
    }
}
