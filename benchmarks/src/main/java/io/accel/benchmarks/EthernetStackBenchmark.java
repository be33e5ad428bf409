package io.accel.benchmarks;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.Datapath;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.pair.Pair;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.nio.AccelSelectorProvider;
import io.accel.udp.stack.UdpStack;
import io.accel.udp.wire.EthernetHeader;
import io.accel.udp.wire.NetworkOrder;
import io.accel.udp.wire.UdpFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
 * What the stack and java.nio cost over an ETHERNET medium: a datagram sent through a channel and one received through it, with a VI in
 * memory below, against the bare VIs doing the same copies. The difference is the stack's half round trip: routes, headers,
 * checksums, demux, queue, channel.
 *
 * <p>Needs an interface {@code jmh0} with 10.99.0.1/24 and a permanent neighbour 10.99.0.2, in a network namespace:
 * {@code ./accel bench jmh} makes them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"})
public class EthernetStackBenchmark {
    private static final int PORT = 9000;
    private static final int SWAPPED_MACS = 12;

    /** Bytes of payload. */
    @Param({"64", "1400"})
    public int bytes;

    private Pair pair;
    private VirtualInterface near;
    private VirtualInterface far;
    private DatagramChannel channel;
    private SocketAddress peer;
    private ByteBuffer out;
    private ByteBuffer in;
    private EventBatch batch;
    private long reply;
    private int replyBytes;

    @Setup
    public void open() throws IOException {
        if (NetworkInterface.getByName("jmh0") == null) {
            throw new IllegalStateException("there is no interface jmh0 here: run './accel bench jmh' as root");
        }
        pair = Pair.ethernet();
        near = pair.first();
        far = pair.second();
        final Configuration configuration = Configuration.of(Map.of(Options.INTERFACES.property(), "jmh0:afxdp"), Map.of());
        final UdpStack stack = new UdpStack(configuration, name -> new InMemory(near));
        channel = AccelSelectorProvider.over(stack).openDatagramChannel(StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress(InetAddress.getByName("10.99.0.1"), PORT));
        channel.configureBlocking(false);
        peer = new InetSocketAddress(InetAddress.getByName("10.99.0.2"), PORT);
        out = ByteBuffer.allocateDirect(bytes);
        in = ByteBuffer.allocateDirect(2048);
        batch = new EventBatch(64);
        reply = Memory.allocateAligned(2048, 64);
        learnReply();
    }

    /** The answer to a datagram is the same frame with both ends swapped: every checksum stays right. */
    private void learnReply() throws IOException {
        channel.send(out.clear(), peer);
        if (far.poll(batch, 64) != 1) {
            throw new IllegalStateException("the datagram did not take the fast path");
        }
        replyBytes = batch.length(0);
        final long sent = batch.frame(0);
        Memory.copy(sent, reply, replyBytes);
        EthernetHeader.destination(reply, EthernetHeader.source(sent));
        EthernetHeader.source(reply, EthernetHeader.destination(sent));
        NetworkOrder.putInt(reply + UdpFrame.IP_OFFSET + SWAPPED_MACS, UdpFrame.destination(sent));
        NetworkOrder.putInt(reply + UdpFrame.IP_OFFSET + SWAPPED_MACS + 4, UdpFrame.source(sent));
        far.release(batch);
        replyFromFar();
        if (channel.receive(in.clear()) == null) {
            throw new IllegalStateException("the answer was not received");
        }
    }

    /** Some time before it is received: a frame from the wire is no longer in this processor's store buffer. */
    private void replyFromFar() {
        final long frame = far.txClaim(0, replyBytes);
        Memory.copy(reply, frame, replyBytes);
        far.txInit(frame, replyBytes, TxFlags.NONE);
        far.txPush(false);
    }

    private int drainFar() {
        final int n = far.poll(batch, 64);
        far.release(batch);
        return n;
    }

    @TearDown
    public void close() throws IOException {
        channel.close();
        pair.close();
        Memory.freeAligned(reply);
    }

    /** The floor: the same frames over bare VIs, copied as often. */
    @Benchmark
    public int bareVi() {
        replyFromFar();
        final long frame = near.txClaim(0, replyBytes);
        near.memory()[0].buffer().put(near.memory()[0].offset(frame) + UdpFrame.PAYLOAD_OFFSET, out, 0, bytes);
        near.txInit(frame, replyBytes, TxFlags.NONE);
        near.txPush(false);
        drainFar();
        final int n = near.poll(batch, 64);
        final MemoryRegion region = near.memory()[batch.region(0)];
        in.put(0, region.buffer(), region.offset(batch.frame(0)) + UdpFrame.PAYLOAD_OFFSET, bytes);
        near.release(batch);
        return n;
    }

    /** The near end through a DatagramChannel. */
    @Benchmark
    public SocketAddress channel() throws IOException {
        replyFromFar();
        channel.send(out.clear(), peer);
        drainFar();
        return channel.receive(in.clear());
    }

    /** Hands the stack a VI that exists. */
    private record InMemory(VirtualInterface vi) implements Datapath {
        @Override
        public String name() {
            return "pair";
        }

        @Override
        public VirtualInterface open(String interfaceName, Configuration configuration) {
            return vi;
        }
    }
}
