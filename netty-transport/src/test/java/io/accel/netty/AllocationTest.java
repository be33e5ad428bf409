package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * No garbage per datagram in steady state, but for the DatagramPacket object that the program receives. Two channels in one loop send one
 * packet each, made once, with the void promise, in answer to what comes. What a loop does each second is allowed for.
 */
@Tag("wire")
@Tag("lending")
@Tag("fast-path")
@Timeout(120)
class AllocationTest {
    private static final int DATAGRAMS = 100_000;
    private static final int ROUNDS = 6;
    /** Three references behind a header of 12 bytes. */
    private static final long PACKET_BYTES = 24;
    /** The smallest object at every sixtieth datagram would be more. */
    private static final long TOLERANCE_BYTES = DATAGRAMS / 2;
    private static final long BYTES_A_SECOND = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private Loops loops;
    private long thread;
    private Returner near;
    private Returner far;

    /** Answers each datagram with the same one, so long as there are datagrams left. */
    private static final class Returner extends ChannelInboundHandlerAdapter {
        private DatagramPacket answer;
        private int left;
        private Runnable atEnd = () -> { };
        private ChannelHandlerContext context;

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        void send() {
            answer.content().setIndex(0, 64);
            context.writeAndFlush(answer.retain(), context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object message) {
            ((DatagramPacket) message).release();
            if (left-- > 0) {
                send();
            } else {
                atEnd.run();
            }
        }
    }

    @BeforeEach
    void open() throws InterruptedException, ExecutionException {
        assumeTrue(Network.refusal() == null, Network::refusal);
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        loops = Loops.ofAccel(1);
        near = new Returner();
        far = new Returner();
        final Channel a = bind(Network.CLIENT, near);
        final Channel b = bind(Network.SERVER, far);
        near.answer = packetTo(b);
        far.answer = packetTo(a);
        far.left = Integer.MAX_VALUE;
        thread = loops.group().next().submit(() -> Thread.currentThread().getId()).get();
    }

    @AfterEach
    void close() {
        if (loops != null) {
            loops.close();
            near.answer.release();
            far.answer.release();
        }
        ResourceLeakDetector.setLevel(level);
    }

    private Channel bind(InetAddress to, Returner handler) throws InterruptedException {
        return loops.bootstrap(null, handler).option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .bind(new InetSocketAddress(to, 0)).sync().channel();
    }

    private static DatagramPacket packetTo(Channel to) {
        return new DatagramPacket(PooledByteBufAllocator.DEFAULT.directBuffer(64), (InetSocketAddress) to.localAddress());
    }

    @Test
    void aRoundTripCostsTwoPacketObjects() throws InterruptedException {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && best > TOLERANCE_BYTES; round++) {
            best = Math.min(best, exchange());
        }
        if (Network.LENDS) {
            for (final Returner each : new Returner[] {near, far}) {
                final ChannelPath path = each.context.channel().attr(ChannelPath.KEY).get();
                assertThat(path.lent()).as("datagrams in frames, of those received").isEqualTo(path.fastReceived()).isPositive();
            }
        }
        assertThat(best).as("bytes allocated for " + DATAGRAMS + " round trips, but for their packet objects")
            .isLessThanOrEqualTo(TOLERANCE_BYTES);
    }

    private long exchange() throws InterruptedException {
        final Channel client = near.context.channel();
        final long start = System.nanoTime();
        final long before = THREADS.getThreadAllocatedBytes(thread);
        final ChannelPromise done = client.newPromise();
        client.eventLoop().execute(() -> {
            near.left = DATAGRAMS - 1;
            near.atEnd = done::setSuccess;
            near.send();
        });
        done.sync();
        final long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
        final long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        return allocated - 2L * DATAGRAMS * PACKET_BYTES - seconds * BYTES_A_SECOND;
    }
}
