package io.accel.core.efvi;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.Datapath;
import io.accel.core.memory.FramePool;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.ForwardingVirtualInterface;
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
 * What the stack and java.nio cost over ef_vi: a datagram of 64 bytes sent through a channel and one received through it, over a libciul
 * that does nothing, against the bare VI doing the same copies. The difference is the stack's half round trip, to be no more than 100 ns.
 *
 * <p>Needs the interface and the neighbour of {@code ./accel bench jmh}, as the benchmark over VIs in memory does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"})
public class EfviStackBenchmark {
    private static final int PORT = 9000;
    private static final int BYTES = 64;
    private static final int FRAME_BYTES = UdpFrame.PAYLOAD_OFFSET + BYTES;
    private static final int IP_SOURCE = UdpFrame.IP_OFFSET + 12;
    private static final int IP_DESTINATION = UdpFrame.IP_OFFSET + 16;

    /** The NIC: 7000 completes checksums, the others' cut-through leaves them to the stack. */
    @Param({"7000", "x2", "x3"})
    public String nic;

    private EfviVirtualInterface vi;
    private DatagramChannel channel;
    private SocketAddress peer;
    private ByteBuffer out;
    private ByteBuffer in;
    private EventBatch batch;

    /** Remembers the frame that was sent last. */
    private static final class LastSent extends ForwardingVirtualInterface {
        private long frame;

        LastSent(VirtualInterface vi) {
            super(vi);
        }

        @Override
        public void txInit(long address, int length, int flags) {
            frame = address;
            super.txInit(address, length, flags);
        }
    }

    @Setup
    public void open() throws IOException {
        if (NetworkInterface.getByName("jmh0") == null) {
            throw new IllegalStateException("there is no interface jmh0 here: run './accel bench jmh' as root");
        }
        out = ByteBuffer.allocateDirect(BYTES);
        in = ByteBuffer.allocateDirect(2048);
        batch = new EventBatch(64);
        peer = new InetSocketAddress(InetAddress.getByName("10.99.0.2"), PORT);
        final long answer = answer();
        vi = NoOpNic.open(nic, 1, false);
        fill(answer);
        Memory.freeAligned(answer);
        channel = channelOver(vi);
        if (channel.receive(in.clear()) == null) {
            throw new IllegalStateException("the answer was not received");
        }
    }

    private static DatagramChannel channelOver(VirtualInterface vi) throws IOException {
        final Configuration configuration = Configuration.of(Map.of(Options.INTERFACES.property(), "jmh0:efvi"), Map.of());
        final DatagramChannel channel = AccelSelectorProvider.over(new UdpStack(configuration, name -> new Given(vi)))
            .openDatagramChannel(StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress(InetAddress.getByName("10.99.0.1"), PORT));
        channel.configureBlocking(false);
        return channel;
    }

    /** What a datagram to the peer looks like as the stack sends it, both ends swapped: every checksum stays right. */
    private long answer() throws IOException {
        final LastSent sender = new LastSent(NoOpNic.open(nic, 0, false));
        try (DatagramChannel first = channelOver(sender)) {
            first.send(out.clear(), peer);
            if (sender.frame == 0) {
                throw new IllegalStateException("the datagram did not take the fast path");
            }
            final long sent = sender.frame;
            final long answer = Memory.allocateAligned(FramePool.FRAME_BYTES, 64);
            Memory.copy(sent, answer, FRAME_BYTES);
            EthernetHeader.destination(answer, EthernetHeader.source(sent));
            EthernetHeader.source(answer, EthernetHeader.destination(sent));
            NetworkOrder.putInt(answer + IP_SOURCE, UdpFrame.destination(sent));
            NetworkOrder.putInt(answer + IP_DESTINATION, UdpFrame.source(sent));
            return answer;
        }
    }

    /** Puts it into every buffer that a frame may come in: nothing else writes there. */
    private void fill(long answer) {
        vi.poll(batch, 1);
        final long first = batch.frame(0);
        final MemoryRegion region = vi.memory()[batch.region(0)];
        final long within = (first - region.address()) % FramePool.FRAME_BYTES;
        final long frames = batch.region(0) == 0 ? region.length() / FramePool.FRAME_BYTES / 2 : region.length() / FramePool.FRAME_BYTES;
        for (long i = 0; i < frames; i++) {
            Memory.copy(answer, region.address() + i * FramePool.FRAME_BYTES + within, FRAME_BYTES);
        }
        vi.release(batch);
    }

    @TearDown
    public void close() throws IOException {
        channel.close();
        vi.close();
        batch.close();
    }

    /** The floor: the same frames over the bare VI, copied as often. */
    @Benchmark
    public int bareVi() {
        final long frame = vi.txClaim(0, FRAME_BYTES);
        vi.memory()[0].buffer().put(vi.memory()[0].offset(frame) + UdpFrame.PAYLOAD_OFFSET, out, 0, BYTES);
        vi.txInit(frame, FRAME_BYTES, TxFlags.NONE);
        vi.txPush(false);
        final int n = vi.poll(batch, 64);
        final MemoryRegion region = vi.memory()[batch.region(0)];
        in.put(0, region.buffer(), region.offset(batch.frame(0)) + UdpFrame.PAYLOAD_OFFSET, BYTES);
        vi.release(batch);
        return n;
    }

    /** Through a DatagramChannel. */
    @Benchmark
    public SocketAddress channel() throws IOException {
        channel.send(out.clear(), peer);
        return channel.receive(in.clear());
    }

    /** Hands the stack a VI that exists. */
    private record Given(VirtualInterface vi) implements Datapath {
        @Override
        public String name() {
            return "efvi";
        }

        @Override
        public VirtualInterface open(String interfaceName, Configuration configuration) {
            return vi;
        }
    }
}
