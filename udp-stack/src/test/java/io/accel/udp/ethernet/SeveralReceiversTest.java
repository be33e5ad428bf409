package io.accel.udp.ethernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.core.vi.Receiver;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.LentFrame;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An interface whose NIC spreads flows over several receive sides, polled by several threads at once. */
class SeveralReceiversTest {
    private static final int SIDES = 3;
    private static final int PORT = 9000;
    private static final int FIRST_FLOW = 5000;
    private static final int FLOWS_PER_SIDE = 2;
    private static final int EACH = 20_000;
    private static final int ON_THE_WAY = 512;
    private static final int PAYLOAD = 8;
    private static final int LOCAL = 0x0A4D0002;
    private static final int REMOTE = 0x0A4D0001;

    private final Pair[] pairs = new Pair[SIDES];
    private final Flusher flusher = new Flusher();
    private final CheckedVirtualInterface vi;
    private final EthernetInterface receiver;
    private final UdpEndpoint endpoint = new UdpEndpoint(BoundAddress.ipv4(IpAddress.ipv4(LOCAL)), PORT, 1 << 20, null, null);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean finished;

    SeveralReceiversTest() {
        for (int i = 0; i < SIDES; i++) {
            pairs[i] = new Pair(PairOptions.ETHERNET);
        }
        vi = new CheckedVirtualInterface(new SetOfPairs(pairs));
        receiver = new EthernetInterface("va", 7, 1500, vi, flusher,
            new SourceVerdicts((source, destination) -> true, new Generation(), 4));
    }

    private static final class SetOfPairs extends ForwardingVirtualInterface {
        private final Pair[] pairs;

        SetOfPairs(Pair[] pairs) {
            super(pairs[0].second());
            this.pairs = pairs;
        }

        @Override
        public Receiver[] receivers() {
            return Arrays.stream(pairs).map(Pair::second).toArray(Receiver[]::new);
        }
    }

    @AfterEach
    void close() {
        receiver.close();
        for (final Pair each : pairs) {
            each.first().close();
            each.second().close();
        }
        flusher.close();
    }

    /** The number is the payload, the flow the source port. */
    private static boolean send(VirtualInterface by, Ipv4HeaderTemplate headers, int number) {
        final long claim = by.txClaim(0, Ipv4HeaderTemplate.BYTES + PAYLOAD);
        if (claim == VirtualInterface.NONE) {
            return false;
        }
        Memory.putLong(claim + Ipv4HeaderTemplate.BYTES, number);
        by.txInit(claim, headers.write(claim, PAYLOAD, 1, true), TxFlags.NONE);
        by.txPush(false);
        return true;
    }

    private static Ipv4HeaderTemplate flow(int flow) {
        return new Ipv4HeaderTemplate(0x020000000001L, 0x020000000002L, REMOTE, FIRST_FLOW + flow, LOCAL, PORT, 64, 0);
    }

    private static Ipv4HeaderTemplate nobodys() {
        return new Ipv4HeaderTemplate(0x020000000001L, 0x020000000002L, REMOTE, FIRST_FLOW, LOCAL, PORT + 1, 64, 0);
    }

    private Thread start(Runnable work) {
        final Thread thread = new Thread(work);
        thread.setUncaughtExceptionHandler((where, what) -> failure.compareAndSet(null, what));
        thread.start();
        return thread;
    }

    private void sendAll(int side, Semaphore window) {
        final Ipv4HeaderTemplate[] flows = new Ipv4HeaderTemplate[FLOWS_PER_SIDE];
        Arrays.setAll(flows, i -> flow(side * FLOWS_PER_SIDE + i));
        for (int i = 0; i < EACH && !finished; i++) {
            for (final Ipv4HeaderTemplate each : flows) {
                try {
                    while (!window.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                        if (finished) {
                            return;
                        }
                    }
                } catch (final InterruptedException e) {
                    throw new AssertionError(e);
                }
                while (!send(pairs[side].first(), each, i)) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    @Timeout(60)
    void everyDatagramComesOnceAndEachFlowInOrder() throws InterruptedException {
        receiver.add(endpoint);
        final Semaphore window = new Semaphore(ON_THE_WAY);
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SIDES; i++) {
            final int side = i;
            threads.add(start(() -> sendAll(side, window)));
        }
        for (int i = 0; i < 2; i++) {
            threads.add(start(() -> {
                while (!finished) {
                    receiver.poll();
                    Thread.yield();
                }
            }));
        }
        final long[] next = new long[SIDES * FLOWS_PER_SIDE];
        try {
            for (int got = 0; got < SIDES * FLOWS_PER_SIDE * EACH && failure.get() == null;) {
                if (endpoint.next()) {
                    final int flow = (int) endpoint.sourceScopedPort() - FIRST_FLOW;
                    assertThat(endpoint.region().buffer().getLong(endpoint.offset())).as("flow " + flow).isEqualTo(next[flow]++);
                    endpoint.consume();
                    window.release();
                    got++;
                } else {
                    Thread.yield();
                }
            }
        } finally {
            finished = true;
            for (final Thread each : threads) {
                each.join();
            }
        }
        assertThat(failure.get()).isNull();
        assertThat(vi.violation()).isNull();
        assertThat(next).containsOnly(EACH);
        assertThat(endpoint.next()).isFalse();
        assertThat(endpoint.counters().queueFull).isZero();
        assertThat(receiver.counters().received).isEqualTo((long) SIDES * FLOWS_PER_SIDE * EACH);
        assertThat(receiver.counters().frames).isEqualTo(receiver.counters().received);
        assertThat(receiver.counters().drops()).isEmpty();
    }

    /** Each side's frames are in the sum, the delivered ones and the lost ones. */
    @Test
    void framesAreReceivedOnesAndDropsOfAllSides() {
        receiver.add(endpoint);
        for (int side = 0; side < SIDES; side++) {
            for (int i = 0; i <= side; i++) {
                send(pairs[side].first(), flow(side * FLOWS_PER_SIDE), i);
                send(pairs[side].first(), nobodys(), i);
            }
        }
        receiver.poll();
        final InterfaceCounters counters = receiver.counters();
        assertThat(counters.received).isEqualTo(6);
        assertThat(counters.drops()).containsExactly(entry("UNMATCHED", 6L));
        assertThat(counters.frames).isEqualTo(12);
    }

    /** While a reader has a datagram in its frame, others go on with the other sides. */
    @Test
    void aLentDatagramHoldsUpItsOwnSideOnly() throws InterruptedException {
        receiver.add(endpoint);
        send(pairs[0].first(), flow(0), 1);
        assertThat(endpoint.next()).isTrue();
        send(pairs[0].first(), flow(0), 2);
        send(pairs[1].first(), flow(2), 3);
        final Thread other = start(() -> assertThat(receiver.poll()).isEqualTo(1));
        other.join();
        assertThat(failure.get()).isNull();
        assertThat(endpoint.region().buffer().getLong(endpoint.offset())).isEqualTo(1);
        endpoint.consume();
        for (final long expected : new long[] {3, 2}) {
            assertThat(endpoint.next()).isTrue();
            assertThat(endpoint.region().buffer().getLong(endpoint.offset())).isEqualTo(expected);
            endpoint.consume();
        }
        assertThat(endpoint.next()).isFalse();
    }

    /** One endpoint's frames are of several sides, and go home to their own. */
    @Test
    void framesGoHomeToTheSideTheyCameBy() {
        endpoint.lendUpTo(100);
        receiver.add(endpoint);
        final List<LentFrame> taken = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 5; i++) {
                for (int side = 0; side < SIDES; side++) {
                    send(pairs[side].first(), flow(side * FLOWS_PER_SIDE), round);
                }
            }
            while (endpoint.next()) {
                taken.add(endpoint.take());
            }
            assertThat(taken).hasSize(5 * SIDES).doesNotContainNull();
            for (final LentFrame each : taken) {
                assertThat(each.region().buffer().getLong(each.offset())).isEqualTo(round);
            }
            taken.forEach(LentFrame::release);
            taken.clear();
        }
        receiver.poll();
        assertThat(vi.violation()).isNull();
        assertThat(vi.held()).isZero();
    }

    /** A reader looks at the sides in turn, a burst at most of each. */
    @Test
    void noneIsStarvedByAnother() {
        receiver.add(endpoint);
        for (int i = 0; i < 300; i++) {
            send(pairs[0].first(), flow(0), i);
        }
        send(pairs[2].first(), flow(4), 0);
        int before = 0;
        while (endpoint.next()) {
            final boolean wanted = endpoint.sourceScopedPort() == FIRST_FLOW + 4;
            endpoint.consume();
            if (wanted) {
                assertThat(before).isLessThanOrEqualTo(64);
                return;
            }
            before++;
        }
        throw new AssertionError("it never came");
    }
}
