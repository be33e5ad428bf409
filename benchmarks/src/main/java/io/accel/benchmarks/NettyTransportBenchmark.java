package io.accel.benchmarks;

import io.accel.netty.AccelDatagramChannel;
import io.accel.netty.AccelIoHandler;
import io.accel.nio.AccelSelectorProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
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
 * What the Netty transport costs over shared memory, in an event loop that is the benchmark's own thread, against DatagramChannels at the
 * other end. With {@code -prof gc}: a send, one packet used again and again with the void promise, allocates nothing, a receive the
 * DatagramPacket object alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-Dio.netty.leakDetection.level=disabled",
    "-Djmh.executor=CUSTOM", "-Djmh.executor.class=io.accel.benchmarks.NettyThreads"})
public class NettyTransportBenchmark {
    /** Bytes of payload. */
    @Param({"64", "1400"})
    public int bytes;

    private ManualIoEventLoop loop;
    private Channel channel;
    private ChannelPromise promise;
    private DatagramPacket packet;
    private DatagramChannel far;
    private SocketAddress near;
    private ByteBuffer out;
    private ByteBuffer in;
    private final Releaser releaser = new Releaser();

    /** Counts, and gives back. */
    private static final class Releaser extends ChannelInboundHandlerAdapter {
        private int received;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received++;
            ((DatagramPacket) message).release();
        }
    }

    @Setup
    public void open() throws IOException {
        loop = new ManualIoEventLoop(Thread.currentThread(), AccelIoHandler.newFactory(0));
        channel = new Bootstrap().group(loop).channel(AccelDatagramChannel.class).handler(releaser)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT).bind("127.0.0.1", 0).channel();
        while (!channel.isActive()) {
            loop.runNow();
        }
        promise = channel.voidPromise();
        near = channel.localAddress();
        far = new AccelSelectorProvider().openDatagramChannel(StandardProtocolFamily.INET);
        far.bind(new InetSocketAddress("127.0.0.1", 0));
        far.configureBlocking(false);
        final ByteBuf data = PooledByteBufAllocator.DEFAULT.directBuffer(bytes).writeZero(bytes);
        packet = new DatagramPacket(data, (InetSocketAddress) far.getLocalAddress());
        out = ByteBuffer.allocateDirect(bytes);
        in = ByteBuffer.allocateDirect(2048);
    }

    @TearDown
    public void close() throws IOException {
        channel.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
        packet.release();
        far.close();
    }

    /** Netty to java.nio. */
    @Benchmark
    public SocketAddress send() throws IOException {
        channel.writeAndFlush(packet.retain(), promise);
        return receivedFromNetty();
    }

    private SocketAddress receivedFromNetty() throws IOException {
        final SocketAddress from = far.receive(in.clear());
        if (from == null) {
            throw new IllegalStateException("the datagram is not there");
        }
        return from;
    }

    /** From java.nio to Netty. */
    @Benchmark
    public int receive() throws IOException {
        far.send(out.clear(), near);
        return await(releaser.received);
    }

    private int await(int before) {
        loop.runNow();
        if (releaser.received == before) {
            throw new IllegalStateException("the datagram was not received");
        }
        return releaser.received;
    }

    /** What a loop costs that finds nothing. */
    @Benchmark
    public int receiveNothing() {
        return loop.runNow();
    }
}
