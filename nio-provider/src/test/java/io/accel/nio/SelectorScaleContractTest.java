package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Many keys in one Selector, and a program that is slow: nobody is forgotten, nobody starves. */
class SelectorScaleContractTest extends Contract {
    private static final long LONG = 20_000;

    @Test
    void manyPipesAreReadyAtOnce() throws Exception {
        final int count = 600;
        final Selector selector = selector();
        for (int i = 0; i < count; i++) {
            final Pipe pipe = pairing.provider().openPipe();
            closing(pipe.sink()).write(bytes("x"));
            closing(pipe.source()).configureBlocking(false);
            pipe.source().register(selector, SelectionKey.OP_READ);
        }
        assertThat(selector.selectNow()).as("one select tells of all, as long as there are fewer than 1,024").isEqualTo(count);
        assertThat(selector.selectedKeys()).hasSize(count);
    }

    @Test
    void eachOfManyReadyChannelsHasItsTurn() throws Exception {
        final int count = 64;
        final int turns = 200;
        final Selector selector = selector();
        final DatagramChannel peer = boundPeer();
        final int[] acted = new int[count];
        final DatagramChannel[] channels = new DatagramChannel[count];
        for (int i = 0; i < count; i++) {
            channels[i] = bound();
            channels[i].configureBlocking(false);
            channels[i].register(selector, SelectionKey.OP_READ, i);
            // Two each: none is ever empty, although one is taken at each turn and one comes.
            peer.send(bytes("x"), reachable(channels[i]));
            peer.send(bytes("x"), reachable(channels[i]));
        }
        final ByteBuffer into = ByteBuffer.allocate(8);
        for (int turn = 0; turn < turns; turn++) {
            final int before = turn;
            selector.select(key -> {
                final int i = (int) key.attachment();
                try {
                    assertThat(channels[i].receive(into.clear())).isNotNull();
                    peer.send(bytes("x"), reachable(channels[i]));
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
                assertThat(++acted[i]).as("turns of channel " + i).isLessThanOrEqualTo(before + 1);
            }, LONG);
        }
        for (final int each : acted) {
            assertThat(each).isGreaterThanOrEqualTo(turns - 1);
        }
    }

    @Test
    void aSlowProgramDoesNotMakeKernelChannelsWait() throws Exception {
        final Selector selector = selector();
        final Pipe pipe = pairing.provider().openPipe();
        closing(pipe.sink());
        closing(pipe.source()).configureBlocking(false);
        final SelectionKey stream = pipe.source().register(selector, SelectionKey.OP_READ);
        final DatagramChannel datagrams = bound();
        datagrams.configureBlocking(false);
        datagrams.register(selector, SelectionKey.OP_READ);
        final DatagramChannel peer = boundPeer();
        final ByteBuffer into = ByteBuffer.allocate(8);
        peer.send(bytes("x"), reachable(datagrams));
        int longest = 0;
        for (int i = 0; i < 20; i++) {
            pipe.sink().write(bytes("x"));
            int selects = 0;
            boolean found = false;
            while (!found) {
                assertThat(selector.select(LONG)).isPositive();
                selects++;
                found = selector.selectedKeys().contains(stream);
                selector.selectedKeys().clear();
                datagrams.receive(into.clear());
                peer.send(bytes("x"), reachable(datagrams));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
            longest = Math.max(longest, selects);
            pipe.source().read(into.clear());
        }
        assertThat(longest).as("selects, of 2 ms each, until the pipe was told of").isLessThanOrEqualTo(3);
    }

    @Test
    void manyKeysComeAndGo() throws Exception {
        final int count = 3000;
        final Selector selector = selector();
        final DatagramChannel peer = boundPeer();
        final DatagramChannel[] channels = new DatagramChannel[count];
        final SelectionKey[] keys = new SelectionKey[count];
        for (int i = 0; i < count; i++) {
            channels[i] = bound();
            channels[i].configureBlocking(false);
            keys[i] = channels[i].register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        int found = 0;
        for (int i = 0; i < 4; i++) {
            found += selector.selectNow();
        }
        assertThat(found).as("all can be written to, at most 1,024 are told of at a time").isBetween(Math.min(count, 1024), count);
        selector.selectedKeys().clear();
        for (int i = 0; i < count; i++) {
            keys[i].interestOps(SelectionKey.OP_READ);
        }
        assertThat(selector.selectNow()).isZero();
        for (int i = 0; i < count; i += 2) {
            if (i % 4 == 0) {
                keys[i].cancel();
            } else {
                channels[i].close();
            }
        }
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).hasSize(count / 2);
        for (int i = 1; i < count; i += 500) {
            peer.send(bytes("x"), reachable(channels[i]));
            assertThat(selector.select(LONG)).isEqualTo(1);
            assertThat(selector.selectedKeys()).containsExactly(keys[i]);
            selector.selectedKeys().clear();
            assertThat(receiveText(channels[i])).isEqualTo("x");
        }
    }
}
