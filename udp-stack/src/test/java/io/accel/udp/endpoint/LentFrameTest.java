package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program that takes datagrams in their frames keeps them for as long as it likes, and holds up nobody. */
class LentFrameTest {
    private static final int PORT = 7000;
    private static final int BYTES = 200;
    private static final int PAYLOAD = Ipv4HeaderTemplate.BYTES;
    private static final int QUEUE_BYTES = 20_000;

    private final Ipv4HeaderTemplate headers = new Ipv4HeaderTemplate(0x02_00_00_00_00_02L, 0x02_00_00_00_00_01L, 0x0A000002, 9,
        0x0A000001, PORT, 64, 0);
    private final Flusher flusher = new Flusher();
    private final Pair pair = Pair.ethernet();
    private final CheckedVirtualInterface vi = new CheckedVirtualInterface(pair.first());
    private final EthernetInterface on = new EthernetInterface("test0", 1, 1500, vi, flusher,
        new SourceVerdicts((source, destination) -> true, new Generation(), 1));
    private final UdpEndpoint endpoint = new UdpEndpoint(new BoundAddress(IpAddress.ANY_IPV6, true, true), PORT, QUEUE_BYTES, null, null);
    private final List<LentFrame> taken = new ArrayList<>();

    @BeforeEach
    void attach() {
        on.add(endpoint);
        endpoint.lendUpTo(64);
    }

    @AfterEach
    void everyFrameIsHomeAndNoRuleWasBroken() {
        taken.forEach(LentFrame::release);
        if (!endpoint.isClosed()) {
            on.poll();
            closeAll();
        }
        flusher.close();
        pair.close();
        assertThat(vi.violation()).isNull();
        assertThat(vi.held()).isZero();
        assertThat(pair.first().unknownTokens()).isZero();
    }

    private void closeAll() {
        on.remove(endpoint);
        endpoint.close();
        on.close();
    }

    private void send(int from, int to) {
        final VirtualInterface far = pair.second();
        for (int number = from; number < to; number++) {
            final long frame = far.txClaim(0, PAYLOAD + BYTES);
            Memory.fill(frame + PAYLOAD, BYTES, (byte) 0);
            Memory.putInt(frame + PAYLOAD, number);
            far.txInit(frame, headers.write(frame, BYTES, number, true), TxFlags.NONE);
        }
        far.txPush(false);
    }

    private static int number(LentFrame frame) {
        assertThat(frame.length()).isEqualTo(BYTES);
        return frame.region().buffer().getInt(frame.offset());
    }

    private int takeAll() {
        int copied = 0;
        while (endpoint.next()) {
            final LentFrame frame = endpoint.take();
            if (frame == null) {
                copied++;
                endpoint.consume();
            } else {
                taken.add(frame);
            }
        }
        return copied;
    }

    @Test
    void aWholeBurstIsTakenInOrderAndStaysWhatItWas() {
        send(0, 20);
        assertThat(takeAll()).isZero();
        for (int round = 0; round < 500; round++) {
            send(1000, 1020);
            on.poll();
            while (endpoint.next()) {
                endpoint.consume();
            }
        }
        assertThat(taken).extracting(LentFrameTest::number).isEqualTo(IntStream.range(0, 20).boxed().toList());
        assertThat(endpoint.counters().taken).isEqualTo(20);
        assertThat(endpoint.counters().fastReceived).isEqualTo(20 + 500 * 20);
    }

    @Test
    void theSameObjectsAreUsedAgain() {
        send(0, 1);
        takeAll();
        final LentFrame first = taken.remove(0);
        first.attachment("mine");
        first.release();
        send(1, 2);
        takeAll();
        assertThat(taken.get(0)).isSameAs(first);
        assertThat(taken.get(0).attachment()).isEqualTo("mine");
        assertThat(number(taken.get(0))).isEqualTo(1);
    }

    @Test
    void beyondTheBoundTheyAreCopies() {
        endpoint.lendUpTo(3);
        send(0, 10);
        assertThat(takeAll()).isEqualTo(7);
        assertThat(taken).hasSize(3);
        taken.remove(0).release();
        send(10, 12);
        assertThat(takeAll()).isEqualTo(1);
    }

    /** What is kept can be so much that the VI could retain no more, and still the ring is whole. */
    @Test
    void beyondTheViSBoundTheyAreCopiesToo() {
        endpoint.lendUpTo(1000);
        final int most = vi.capabilities().maxRetained();
        int copied = 0;
        for (int i = 0; i < 2 * most; i += 8) {
            send(i, i + 8);
            copied += takeAll();
        }
        assertThat(taken).hasSize(most);
        assertThat(copied).isEqualTo(most);
    }

    @Test
    void withoutLendingAllAreCopies() {
        endpoint.lendUpTo(0);
        send(0, 5);
        assertThat(takeAll()).isEqualTo(5);
        assertThat(endpoint.counters().taken).isZero();
    }

    /** Where the reader asks for none, or goes away, what waits in frames comes back. */
    @Test
    void framesThatNobodyTakesComeBack() {
        send(0, 12);
        on.poll();
        assertThat(vi.held()).isEqualTo(12);
        assertThat(endpoint.next()).isTrue();
        endpoint.consume();
        endpoint.connect(IpAddress.ANY_IPV6, 1);
        on.poll();
        assertThat(vi.held()).isZero();
        endpoint.disconnect();
        send(0, 5);
        on.poll();
        assertThat(vi.held()).isEqualTo(5);
    }

    /** SO_RCVBUF bounds what waits, in a frame or not. */
    @Test
    void whatWaitsInFramesIsChargedAsACopyWouldBe() {
        final int inFrames = waiting();
        endpoint.lendUpTo(0);
        assertThat(waiting()).isEqualTo(inFrames).isGreaterThan(10).isLessThan(QUEUE_BYTES / BYTES);
    }

    private int waiting() {
        for (int i = 0; i < 200; i += 8) {
            send(i, i + 8);
            on.poll();
        }
        int n = 0;
        while (endpoint.next()) {
            endpoint.consume();
            n++;
        }
        return n;
    }

    @Test
    void aListenerThatThrowsCostsNoFrameAndNoOtherListenerItsNews() {
        final AtomicInteger told = new AtomicInteger();
        endpoint.addListener(ready -> {
            throw new IllegalStateException("thrown on purpose");
        });
        endpoint.addListener(ready -> told.incrementAndGet());
        send(0, 5);
        on.poll();
        assertThat(told).hasValue(5);
        endpoint.lendUpTo(0);
        send(5, 8);
        on.poll();
        assertThat(told).hasValue(8);
        assertThat(takeAll()).isEqualTo(3);
        assertThat(taken).extracting(LentFrameTest::number).containsExactly(0, 1, 2, 3, 4);
        assertThat(endpoint.counters().queued).isEqualTo(8);
        assertThat(endpoint.counters().fastReceived).isEqualTo(8);
    }

    @Test
    void theyOutliveTheEndpointAndTheInterface() {
        send(0, 4);
        takeAll();
        send(4, 6);
        on.poll();
        closeAll();
        assertThat(taken).extracting(LentFrameTest::number).containsExactly(0, 1, 2, 3);
        assertThat(vi.held()).isEqualTo(4);
    }

    @Test
    void othersGiveThemBackWhileMoreCome() throws InterruptedException {
        final int total = 40_000;
        final BlockingQueue<LentFrame> out = new LinkedBlockingQueue<>();
        final BitSet lent = new BitSet();
        final Thread holder = new Thread(() -> giveBackUntilInterrupted(out, lent));
        holder.start();
        final BitSet copied = new BitSet();
        for (int i = 0; i < total; i += 10) {
            send(i, i + 10);
            while (endpoint.next()) {
                final LentFrame frame = endpoint.take();
                if (frame == null) {
                    copied.set(endpoint.region().buffer().getInt(endpoint.offset()));
                    endpoint.consume();
                } else {
                    out.add(frame);
                }
            }
        }
        while (!out.isEmpty()) {
            Thread.yield();
        }
        holder.interrupt();
        holder.join();
        assertThat(lent.cardinality() + copied.cardinality()).isEqualTo(total);
        assertThat(lent.intersects(copied)).isFalse();
        assertThat((long) lent.cardinality()).isEqualTo(endpoint.counters().taken).isPositive();
    }

    private static void giveBackUntilInterrupted(BlockingQueue<LentFrame> out, BitSet numbers) {
        try {
            while (true) {
                final LentFrame frame = out.take();
                numbers.set(number(frame));
                frame.release();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
