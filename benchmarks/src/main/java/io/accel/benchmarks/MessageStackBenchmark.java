package io.accel.benchmarks;

import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.memory.Memory;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.TxFlags;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the stack and java.nio cost over the MESSAGE medium: one datagram of 64 bytes sent and received by one thread, through channels
 * and through bare VIs. The difference is the stack's half round trip.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"})
public class MessageStackBenchmark {
    private static final int BYTES = 64;
    private static final int HEADER = 24;

    private DatagramChannel sender;
    private DatagramChannel receiver;
    private SocketAddress to;
    private ByteBuffer out;
    private ByteBuffer in;
    private Selector selector;
    private Consumer<SelectionKey> drain;

    private ShmDomain domain;
    private ShmVirtualInterface from;
    private ShmVirtualInterface into;
    private EventBatch batch;
    private int peer;

    @Setup
    public void open() throws IOException, DatapathException {
        final AccelSelectorProvider provider = new AccelSelectorProvider();
        sender = provider.openDatagramChannel(StandardProtocolFamily.INET);
        receiver = provider.openDatagramChannel(StandardProtocolFamily.INET);
        sender.bind(new InetSocketAddress("127.0.0.1", 0));
        receiver.bind(new InetSocketAddress("127.0.0.1", 0));
        sender.configureBlocking(false);
        receiver.configureBlocking(false);
        to = receiver.getLocalAddress();
        out = ByteBuffer.allocateDirect(BYTES);
        in = ByteBuffer.allocateDirect(2048);
        selector = provider.openSelector();
        drain = this::receive;

        domain = ShmDomain.open(Configuration.ofSystem());
        from = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        into = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        domain.publish(into, "benchmark");
        peer = domain.lookup("benchmark");
        batch = new EventBatch(32);
    }

    @TearDown
    public void close() throws IOException {
        selector.close();
        sender.close();
        receiver.close();
        domain.close();
    }

    /** The floor: the VIs alone. */
    @Benchmark
    public int bareVi() {
        final long frame = from.txClaim(peer, HEADER + BYTES);
        Memory.putLong(frame, 0);
        domain.txRegion(peer).buffer().put(domain.txRegion(peer).offset(frame) + HEADER, out, 0, BYTES);
        from.txInit(frame, HEADER + BYTES, TxFlags.NONE);
        from.txPush(false);
        final int n = into.poll(batch, 32);
        in.put(0, into.memory()[batch.region(0)].buffer(), into.memory()[batch.region(0)].offset(batch.frame(0)) + HEADER, BYTES);
        into.release(batch);
        return n;
    }

    /** The same through DatagramChannels. */
    @Benchmark
    public SocketAddress channel() throws IOException {
        sender.send(out.clear(), to);
        return receiver.receive(in.clear());
    }

    @Benchmark
    public int sendOnly() throws IOException {
        return sender.send(out.clear(), to);
    }

    @Benchmark
    public SocketAddress receiveNothing() throws IOException {
        return receiver.receive(in.clear());
    }

    private void receive(SelectionKey key) {
        try {
            receiver.receive(in.clear());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With select(Consumer) in between. */
    @Benchmark
    public int channelAndSelect() throws IOException {
        if (!receiver.isRegistered()) {
            receiver.register(selector, SelectionKey.OP_READ);
        }
        sender.send(out.clear(), to);
        return selector.select(drain);
    }
}
