package io.accel.benchmarks;

import io.accel.nio.AccelSelectorProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a select costs with one channel ready of so many registered, each with an endpoint of its own in shared memory: it must grow with
 * what is ready, not with what is registered. Needs a descriptor for each channel ({@code ulimit -n}).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"})
public class SelectBenchmark {
    private static final int BYTES = 64;

    /** So many channels in one selector, and a sender outside. */
    @State(Scope.Thread)
    public static class Registered {
        /** Channels registered. */
        @Param({"1", "10000"})
        public int registered;

        final ByteBuffer out = ByteBuffer.allocateDirect(BYTES);
        final ByteBuffer in = ByteBuffer.allocateDirect(2048);
        final Consumer<SelectionKey> drain = this::receive;
        DatagramChannel sender;
        DatagramChannel[] channels;
        SocketAddress[] addresses;
        Selector selector;
        int next;
        private final AccelSelectorProvider provider = new AccelSelectorProvider();

        @Setup
        public void open() throws IOException {
            sender = bound();
            selector = provider.openSelector();
            channels = new DatagramChannel[registered];
            addresses = new SocketAddress[registered];
            for (int i = 0; i < registered; i++) {
                channels[i] = bound();
                addresses[i] = channels[i].getLocalAddress();
                channels[i].register(selector, SelectionKey.OP_READ);
            }
            selector.selectNow();
        }

        private DatagramChannel bound() throws IOException {
            final DatagramChannel channel = provider.openDatagramChannel(StandardProtocolFamily.INET);
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
            channel.configureBlocking(false);
            return channel;
        }

        private void receive(SelectionKey key) {
            try {
                ((DatagramChannel) key.channel()).receive(in.clear());
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @TearDown
        public void close() throws IOException {
            selector.close();
            sender.close();
            for (final DatagramChannel channel : channels) {
                channel.close();
            }
        }
    }

    /** A datagram in one of the channels that nobody receives: that one stays ready. */
    @State(Scope.Thread)
    public static class OneReady {
        Selector selector;
        long selected;
        final Consumer<SelectionKey> look = key -> selected++;

        @Setup
        public void send(Registered registered) throws IOException {
            selector = registered.selector;
            registered.sender.send(registered.out.clear(), registered.addresses[0]);
        }
    }

    /** The select alone. */
    @Benchmark
    public int select(OneReady state) throws IOException {
        return state.selector.select(state.look);
    }

    /** The select alone, by the selected-key set. */
    @Benchmark
    public int selectWithSet(OneReady state) throws IOException {
        final int n = state.selector.select();
        state.selector.selectedKeys().clear();
        return n;
    }

    /** A datagram to one and the same channel, the select, and the receive. */
    @Benchmark
    public int sendSelectReceive(Registered state) throws IOException {
        state.sender.send(state.out.clear(), state.addresses[0]);
        return state.selector.select(state.drain);
    }

    /** The same without the select: what to subtract. */
    @Benchmark
    public SocketAddress sendReceive(Registered state) throws IOException {
        state.sender.send(state.out.clear(), state.addresses[0]);
        return state.channels[0].receive(state.in.clear());
    }

    /** As {@link #sendSelectReceive} to one channel after the other: with many, each has its ring out of the processor's caches. */
    @Benchmark
    public int byTurns(Registered state) throws IOException {
        state.next = state.next + 1 < state.registered ? state.next + 1 : 0;
        state.sender.send(state.out.clear(), state.addresses[state.next]);
        return state.selector.select(state.drain);
    }
}
