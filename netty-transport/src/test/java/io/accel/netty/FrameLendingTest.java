package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.ethernet.EthernetInterface;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program may do with a datagram that lies in its frame; where nothing is lent, the same with copies. */
@Tag("wire")
@Tag("lending")
@Timeout(240)
class FrameLendingTest {
    private static final int BYTES = 1000;
    /** No more than the kernel's receive buffer holds. */
    private static final int BURST = 50;
    private static final int PATIENCE_SECONDS = 20;
    /** accel.afxdp.frames and accel.efvi.frames: half of them receive, a quarter of those may be retained. */
    private static final int MOST_OF_AN_INTERFACE = 4096 / 2 / 4;
    private static final boolean LENDS = Network.LENDS;
    private static final int HOLDERS = 2;

    private Loops receivers;
    private Loops senders;
    private Channel sender;
    private final BlockingQueue<DatagramPacket> received = new LinkedBlockingQueue<>();

    /** Keeps what comes. */
    private final class Keeper extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received.add((DatagramPacket) message);
        }
    }

    /** Fails at each datagram, which Netty then releases. */
    private static final class Thrower extends SimpleChannelInboundHandler<DatagramPacket> {
        private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            throw new IllegalStateException("datagram " + packet.content().getInt(0));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failures.add(cause);
        }
    }

    @BeforeEach
    void open() throws InterruptedException {
        assumeTrue(Network.refusal() == null, Network::refusal);
        receivers = Loops.ofAccel(1);
        senders = Loops.ofAccel(1);
        sender = senders.bind(Network.CLIENT, new ChannelInboundHandlerAdapter());
    }

    @AfterEach
    void close() {
        if (receivers != null) {
            received.forEach(DatagramPacket::release);
            receivers.close();
            senders.close();
        }
    }

    private AccelDatagramChannel bind(ChannelHandler handler, int mostLent) throws InterruptedException {
        return (AccelDatagramChannel) receivers.bootstrap(null, handler).option(AccelChannelOption.MAX_LENT_FRAMES, mostLent)
            .bind(new InetSocketAddress(Network.SERVER, 0)).sync().channel();
    }

    private ChannelFuture send(Channel to, int number) {
        return sender.write(packet((InetSocketAddress) to.localAddress(), number));
    }

    private static DatagramPacket packet(InetSocketAddress to, int number) {
        final ByteBuf data = PooledByteBufAllocator.DEFAULT.directBuffer(BYTES).writeInt(number);
        while (data.writableBytes() >= Integer.BYTES) {
            data.writeInt(number ^ data.writerIndex());
        }
        return new DatagramPacket(data, to);
    }

    private static void assertContent(DatagramPacket packet, int number) {
        final ByteBuf data = packet.content();
        assertThat(data.readableBytes()).isEqualTo(BYTES);
        assertThat(data.readerIndex()).isZero();
        assertThat(data.getInt(0)).isEqualTo(number);
        for (int i = Integer.BYTES; i < BYTES; i += Integer.BYTES) {
            if (data.getInt(i) != (number ^ i)) {
                throw new AssertionError("datagram " + number + " differs at byte " + i);
            }
        }
    }

    private DatagramPacket take() throws InterruptedException {
        final DatagramPacket next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a datagram").isNotNull();
        return next;
    }

    /** A few at a time, so that no queue can be too short. */
    private List<DatagramPacket> exchange(Channel to, int from, int count) throws InterruptedException {
        final List<DatagramPacket> came = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            send(to, i);
            if (i % 8 == 7 || i == from + count - 1) {
                sender.flush();
                while (came.size() <= i - from) {
                    came.add(take());
                }
            }
        }
        return came;
    }

    private static long lent(Channel channel) {
        Paths.settle(channel);
        return channel.attr(ChannelPath.KEY).get().lent();
    }

    private static long fastReceived(Channel channel) {
        return Paths.fastReceived((AccelDatagramChannel) channel);
    }

    /** The interface that delivers here; null: none, so nothing is lent. */
    private static EthernetInterface under(Channel channel) {
        final UdpEndpoint endpoint = ((AccelDatagramChannel) channel).udpSocket().endpoint();
        return endpoint == null || endpoint.interfaces().length == 0 ? null : endpoint.interfaces()[0];
    }

    /** Frames of the interface that somebody has, once its VI has looked at what came back: traffic that is not lent makes it look. */
    private long framesOut() throws InterruptedException {
        final Channel copied = bind(new Keeper(), 0);
        exchange(copied, 0, 8).forEach(DatagramPacket::release);
        Paths.settle(copied);
        final EthernetInterface from = under(copied);
        final long out = from == null ? 0 : from.vi().levels().getOrDefault("retained", 0L);
        copied.close().sync();
        return out;
    }

    /** Releases each of these, on threads of their own, when it is taken by one; to be awaited. */
    private static final class Holders implements AutoCloseable {
        private final BlockingQueue<DatagramPacket> held = new LinkedBlockingQueue<>();
        private final AtomicLong released = new AtomicLong();
        private final Thread[] threads = new Thread[HOLDERS];
        private long given;

        Holders() {
            for (int i = 0; i < threads.length; i++) {
                threads[i] = new Thread(this::releaseUntilInterrupted);
                threads[i].start();
            }
        }

        void release(DatagramPacket packet) {
            given++;
            held.add(packet);
        }

        private void releaseUntilInterrupted() {
            try {
                while (true) {
                    held.take().release();
                    released.incrementAndGet();
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void await() {
            while (released.get() < given) {
                Thread.yield();
            }
        }

        @Override
        public void close() {
            for (final Thread each : threads) {
                each.interrupt();
            }
        }
    }

    private static void assertAllContent(List<DatagramPacket> packets, int from) {
        for (int i = 0; i < packets.size(); i++) {
            assertContent(packets.get(i), from + i);
        }
    }

    @Test
    void datagramsComeInTheirFramesWhereTheDatapathLends() throws InterruptedException {
        final Channel receiver = bind(new Keeper(), 100);
        final List<DatagramPacket> kept = exchange(receiver, 0, 50);
        assertThat(lent(receiver)).isEqualTo(LENDS ? 50 : 0);
        assertThat(kept).allSatisfy(packet -> assertThat(packet.content().isDirect()).isTrue());
        // Many more come by the same ring, and what is kept stays what it was.
        for (int round = 0; round < 25; round++) {
            exchange(receiver, 1000 + round * 100, 100).forEach(DatagramPacket::release);
        }
        assertAllContent(kept, 0);
        kept.forEach(DatagramPacket::release);
    }

    @Test
    void beyondTheBoundTheyAreCopies() throws InterruptedException {
        final Channel receiver = bind(new Keeper(), 10);
        final List<DatagramPacket> kept = exchange(receiver, 0, 40);
        assertThat(lent(receiver)).isEqualTo(LENDS ? 10 : 0);
        assertAllContent(kept, 0);
        kept.forEach(DatagramPacket::release);
        exchange(receiver, 40, 8).forEach(DatagramPacket::release);
        assertThat(lent(receiver)).isEqualTo(LENDS ? 18 : 0);
    }

    @Test
    void theOptionCanBeChanged() throws InterruptedException {
        final Channel receiver = bind(new Keeper(), 0);
        assertThat(receiver.config().getOption(AccelChannelOption.MAX_LENT_FRAMES)).isZero();
        exchange(receiver, 0, 8).forEach(DatagramPacket::release);
        assertThat(lent(receiver)).isZero();
        receiver.config().setOption(AccelChannelOption.MAX_LENT_FRAMES, 8);
        exchange(receiver, 0, 8).forEach(DatagramPacket::release);
        assertThat(lent(receiver)).isEqualTo(LENDS ? 8 : 0);
    }

    /** Whatever a program keeps, the ring has its buffers, so its other channels and itself go on. */
    @Test
    void keepingAllOfThemStarvesNobody() throws InterruptedException {
        final Channel greedy = bind(new Keeper(), 100_000);
        final List<DatagramPacket> kept = exchange(greedy, 0, 1000);
        // One may have been leaked, by the test that does so.
        assertThat(lent(greedy)).isBetween(LENDS ? MOST_OF_AN_INTERFACE - 1L : 0, LENDS ? MOST_OF_AN_INTERFACE : 0L);
        final int fast = Network.KERNEL_ONLY ? 0 : 1000;
        assertThat(fastReceived(greedy)).isEqualTo(fast);
        assertThat(greedy.attr(ChannelPath.KEY).get().toString()).contains("fast rx=" + fast + " lent=" + lent(greedy) + " ");
        final Channel other = bind(new Keeper(), 100);
        exchange(other, 0, 1000).forEach(DatagramPacket::release);
        assertThat(lent(other)).isZero();
        assertAllContent(kept, 0);
        kept.forEach(DatagramPacket::release);
        exchange(other, 0, 16).forEach(DatagramPacket::release);
        assertThat(lent(other)).isEqualTo(LENDS ? 16 : 0);
    }

    @Test
    void whatIsKeptOutlivesTheChannelAndItsLoop() throws InterruptedException {
        final Channel receiver = bind(new Keeper(), 100);
        final List<DatagramPacket> kept = exchange(receiver, 0, 40);
        assertThat(lent(receiver)).isEqualTo(LENDS ? 40 : 0);
        receiver.close().sync();
        receivers.close();
        receivers = Loops.ofAccel(1);
        final Channel next = bind(new Keeper(), 100);
        exchange(next, 1000, 500).forEach(DatagramPacket::release);
        assertAllContent(kept, 0);
        kept.forEach(DatagramPacket::release);
    }

    @Test
    void aHandlerThatThrowsCostsNoFrame() throws InterruptedException {
        final Thrower thrower = new Thrower();
        final long out = framesOut();
        final Channel receiver = bind(thrower, 32);
        for (int i = 0; i < 400; i += 8) {
            for (int n = i; n < i + 8; n++) {
                send(receiver, n);
            }
            sender.flush();
            for (int n = i; n < i + 8; n++) {
                assertThat(thrower.failures.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).hasMessage("datagram " + n);
            }
        }
        assertThat(lent(receiver)).isEqualTo(LENDS ? 400 : 0);
        assertThat(fastReceived(receiver)).isEqualTo(Network.KERNEL_ONLY ? 0 : 400);
        receiver.close().sync();
        assertThat(framesOut()).as("frames out").isEqualTo(out);
    }

    @Test
    void otherThreadsReleaseThem() throws InterruptedException {
        final Channel receiver = bind(new Keeper(), 32);
        try (Holders holders = new Holders()) {
            for (int i = 0; i < 4000; i += 8) {
                final List<DatagramPacket> came = exchange(receiver, i, 8);
                assertAllContent(came, i);
                came.forEach(holders::release);
            }
            holders.await();
        }
        final long before = lent(receiver);
        final List<DatagramPacket> last = exchange(receiver, 0, 32);
        assertThat(lent(receiver) - before).as("frames that are home again").isEqualTo(LENDS ? 32 : 0);
        last.forEach(DatagramPacket::release);
    }

    /** The new VI has frames of its own; those of the old one are read, and go home, as if nothing had happened. */
    @Test
    @Tag("namespace")
    void whatIsKeptOutlivesAViThatIsReplaced() throws InterruptedException, IOException {
        final Channel receiver = bind(new Keeper(), 100);
        final List<DatagramPacket> kept = exchange(receiver, 0, 40);
        assertThat(lent(receiver)).isEqualTo(LENDS ? 40 : 0);
        try (Holders holders = new Holders()) {
            replaceVi(receiver, 1400);
            exchange(receiver, 1000, 500).forEach(DatagramPacket::release);
            assertAllContent(kept, 0);
            kept.subList(0, 20).forEach(holders::release);
            exchange(receiver, 2000, 100).forEach(DatagramPacket::release);
            replaceVi(receiver, 1500);
            assertAllContent(kept.subList(20, 40), 20);
            kept.subList(20, 40).forEach(holders::release);
            exchange(receiver, 3000, 100).forEach(DatagramPacket::release);
            holders.await();
        }
        assertThat(framesOut()).as("frames of the last VI").isZero();
        final long before = lent(receiver);
        final List<DatagramPacket> last = exchange(receiver, 0, 100);
        assertThat(lent(receiver) - before).as("all that it may have").isEqualTo(LENDS ? 100 : 0);
        last.forEach(DatagramPacket::release);
    }

    /** An interface is opened anew when its MTU changes; until its filter is there the kernel carries the traffic, which is not lost. */
    private void replaceVi(Channel on, int mtu) throws InterruptedException, IOException {
        final EthernetInterface old = under(on);
        final Process ip = new ProcessBuilder("ip", "link", "set", "far", "mtu", Integer.toString(mtu)).inheritIO().start();
        assertThat(ip.waitFor()).isZero();
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (under(on) == null || under(on) == old) {
            assertThat(System.nanoTime()).as("time to open the interface again").isLessThan(deadline);
            Thread.yield();
        }
        for (long before = -1; fastReceived(on) != before + 8;) {
            assertThat(System.nanoTime()).as("time to install the filter again").isLessThan(deadline);
            before = fastReceived(on);
            exchange(on, 0, 8).forEach(DatagramPacket::release);
        }
    }

    /** What the allocator of the program's reads would not hold is cut, as by every transport of Netty's. */
    @Test
    void aDatagramThatIsLongerThanTheProgramReadsIsCut() throws InterruptedException {
        final Channel receiver = bind(new Keeper(), 100);
        receiver.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(100));
        send(receiver, 1);
        sender.flush();
        final DatagramPacket cut = take();
        assertThat(cut.content().readableBytes()).isEqualTo(100);
        cut.release();
        assertThat(lent(receiver)).isZero();
    }

    /** One that is received in a frame and sent on as it is. */
    @Test
    void anEchoSendsTheFrameBack() throws InterruptedException {
        final Channel echo = bind(new Echo(), 100);
        final Channel client = receivers.bind(Network.CLIENT, new Keeper());
        for (int i = 0; i < 200; i++) {
            client.writeAndFlush(packet((InetSocketAddress) echo.localAddress(), i)).sync();
            final DatagramPacket answer = take();
            assertContent(answer, i);
            answer.release();
        }
        assertThat(lent(echo)).isEqualTo(LENDS ? 200 : 0);
    }

    /** As one of any pooled buffer is. */
    @Test
    void theLeakDetectorFindsOneThatIsForgotten() throws InterruptedException {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        final Channel receiver = bind(new Keeper(), 100);
        final long before = framesOut();
        forget(receiver);
        exchange(receiver, 0, 8).forEach(DatagramPacket::release);
        assertThat(RecordingLeakDetector.takeLeaks()).singleElement().asString().contains("was not released", "a forgotten datagram");
        assertThat(framesOut() - before).as("frames that nobody can give back").isEqualTo(LENDS ? 1 : 0);
    }

    private void forget(Channel receiver) throws InterruptedException {
        exchange(receiver, 0, 1).get(0).touch("a forgotten datagram");
    }

    /** Each kept for as long as chance has it, within the bound and beyond it: none lost, none changed, and all frames come home. */
    @Test
    void aMillionWithRandomRetention() throws InterruptedException {
        final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        // Paranoia, which notes every touch of every buffer, has the other tests.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        try {
            final int datagrams = LENDS ? 1_000_000 : 20_000;
            final Channel receiver = bind(new Keeper(), 200);
            final long out = framesOut();
            try (Holders holders = new Holders()) {
                keepAtRandom(receiver, datagrams, holders);
                holders.await();
            }
            assertThat(fastReceived(receiver)).isEqualTo(Network.KERNEL_ONLY ? 0 : datagrams);
            if (LENDS) {
                assertThat(lent(receiver)).as("lent, the others copied").isBetween(datagrams / 10L, datagrams - datagrams / 10L);
            }
            assertThat(framesOut()).as("frames out").isEqualTo(out);
            final long before = lent(receiver);
            final List<DatagramPacket> last = exchange(receiver, 0, 200);
            assertThat(lent(receiver) - before).as("frames that are home again").isEqualTo(LENDS ? 200 : 0);
            last.forEach(DatagramPacket::release);
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    private void keepAtRandom(Channel receiver, int count, Holders holders) throws InterruptedException {
        final Random random = new Random(12);
        final ArrayDeque<DatagramPacket> kept = new ArrayDeque<>();
        int oldest = 0;
        for (int i = 0; i < count; i += BURST) {
            for (int n = i; n < i + BURST; n++) {
                send(receiver, n);
            }
            sender.flush();
            for (int n = i; n < i + BURST; n++) {
                kept.add(take());
            }
            final int left = random.nextInt(400);
            while (kept.size() > left) {
                final DatagramPacket next = kept.remove();
                assertContent(next, oldest++);
                holders.release(next);
            }
        }
        for (final DatagramPacket each : kept) {
            assertContent(each, oldest++);
            holders.release(each);
        }
    }
}
