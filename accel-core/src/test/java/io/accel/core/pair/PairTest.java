package io.accel.core.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.Reason;
import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairTest {
    private final EventBatch batch = new EventBatch(64);
    private Pair pair;
    private PairVirtualInterface a;
    private PairVirtualInterface b;

    private void open(PairOptions options) {
        pair = new Pair(options);
        a = pair.first();
        b = pair.second();
    }

    private static PairOptions base(boolean message) {
        return message ? PairOptions.MESSAGE.withMtu(2048).withFrameBytes(2048) : PairOptions.ETHERNET;
    }

    @AfterEach
    void close() {
        batch.close();
        if (pair != null) {
            pair.close();
        }
    }

    private static boolean put(VirtualInterface vi, int value, int length, int flags) {
        final long at = vi.txClaim(0, length);
        if (at == VirtualInterface.NONE) {
            return false;
        }
        Memory.putInt(at, value);
        vi.txInit(at, length, flags);
        return true;
    }

    private static boolean send(VirtualInterface vi, int value) {
        return put(vi, value, 64, TxFlags.NONE) && vi.txPush(false) == 0;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void carriesFramesBothWaysInOrder(boolean message) {
        open(base(message));
        for (int round = 0; round < 10_000; round++) {
            assertThat(send(a, round)).isTrue();
            assertThat(b.poll(batch, 64)).isEqualTo(1);
            assertThat(batch.type(0)).isEqualTo(EventType.RX);
            assertThat(batch.flags(0)).isEqualTo(EventBatch.FLAG_SOP);
            assertThat(batch.length(0)).isEqualTo(64);
            assertThat(batch.checksum(0)).isEqualTo(message ? ChecksumStatus.VERIFIED : ChecksumStatus.UNKNOWN);
            assertThat(Memory.getInt(batch.frame(0))).isEqualTo(round);
            assertThat(b.memory()[batch.region(0)].contains(batch.frame(0), 64)).isTrue();
            b.release(batch);
            assertThat(batch.count()).isZero();
            assertThat(send(b, -round)).isTrue();
            assertThat(a.poll(batch, 64)).isEqualTo(1);
            assertThat(Memory.getInt(batch.frame(0))).isEqualTo(-round);
            a.release(batch);
        }
        assertThat(a.poll(batch, 64)).isZero();
    }

    @Test
    void nothingArrivesBeforeThePush() {
        open(base(false));
        put(a, 1, 64, TxFlags.NONE);
        assertThat(b.poll(batch, 64)).isZero();
        a.txPush(false);
        assertThat(b.poll(batch, 64)).isEqualTo(1);
    }

    @Test
    void fullEthernetRingDropsWhatDoesNotFitAndCountsIt() {
        open(base(false).withRing(8).withTxFrames(16));
        for (int i = 0; i < 12; i++) {
            put(a, i, 64, TxFlags.NONE);
        }
        assertThat(a.txPush(false)).isZero();
        assertThat(send(a, 99)).isTrue();
        assertThat(a.drops(PairDrop.RX_RING_FULL)).isEqualTo(5);
        assertThat(a.drops()).containsEntry("RX_RING_FULL", 5L).containsEntry("PEER_CLOSED", 0L);
        assertThat(a.txSpace()).isEqualTo(16);
        assertThat(b.poll(batch, 64)).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            assertThat(Memory.getInt(batch.frame(i))).isEqualTo(i);
        }
        send(a, 100);
        assertThat(a.drops(PairDrop.RX_RING_FULL)).as("polled and not released still holds its buffer").isEqualTo(6);
        b.release(batch);
        send(a, 101);
        assertThat(b.poll(batch, 64)).isEqualTo(1);
        assertThat(Memory.getInt(batch.frame(0))).isEqualTo(101);
    }

    @Test
    void fullMessageRingRefusesTheClaim() {
        open(base(true).withRing(4));
        for (int i = 0; i < 4; i++) {
            assertThat(put(a, i, 64, TxFlags.NONE)).isTrue();
        }
        assertThat(a.txSpace()).isZero();
        assertThat(put(a, 4, 64, TxFlags.NONE)).isFalse();
        assertThat(a.drops(PairDrop.RX_RING_FULL)).isEqualTo(1);
        assertThat(a.txClaim(1, 64)).isEqualTo(VirtualInterface.NONE);
        assertThat(a.drops(PairDrop.NO_PEER)).isEqualTo(1);
        a.txPush(false);
        assertThat(b.poll(batch, 64)).isEqualTo(4);
        b.release(batch);
        assertThat(a.txSpace()).isEqualTo(4);
    }

    @Test
    void claimsAreBoundedAndTooLongOnesRefused() {
        open(base(false).withTxFrames(2));
        assertThat(a.txClaim(0, 2049)).isEqualTo(VirtualInterface.NONE);
        assertThat(a.drops(PairDrop.TX_TOO_LONG)).isEqualTo(1);
        a.txClaim(0, 2048);
        a.txClaim(0, 1);
        assertThat(a.txSpace()).isZero();
        assertThat(a.txClaim(0, 1)).isEqualTo(VirtualInterface.NONE);
        assertThat(a.drops(PairDrop.TX_NO_FRAME)).isEqualTo(1);
    }

    @Test
    void undoForgetsClaimsAndInits() {
        open(base(false).withTxFrames(4));
        send(a, 1);
        put(a, 2, 64, TxFlags.NONE);
        a.txClaim(0, 64);
        a.txUndo();
        assertThat(a.txSpace()).isEqualTo(4);
        send(a, 3);
        assertThat(b.poll(batch, 64)).isEqualTo(2);
        assertThat(Memory.getInt(batch.frame(1))).isEqualTo(3);
    }

    @Test
    void claimThatIsNotInitedOutlivesAPush() {
        open(base(false).withTxFrames(4));
        final long kept = a.txClaim(0, 64);
        send(a, 1);
        assertThat(a.txSpace()).isEqualTo(3);
        Memory.putInt(kept, 2);
        a.txInit(kept, 64, TxFlags.NONE);
        a.txPush(false);
        assertThat(a.txSpace()).isEqualTo(4);
        assertThat(b.poll(batch, 64)).isEqualTo(2);
        assertThat(Memory.getInt(batch.frame(1))).isEqualTo(2);
    }

    @Test
    void longFrameIsSeveralEventsAllOrNone() {
        open(base(false).withMtu(9000).withRing(5).withTxFrames(16));
        for (int frame = 0; frame < 2; frame++) {
            put(a, 10 * frame, 2048, TxFlags.CONT);
            put(a, 10 * frame + 1, 2048, TxFlags.CONT);
            put(a, 10 * frame + 2, 100, TxFlags.NONE);
        }
        put(a, 77, 2048, TxFlags.CONT);
        a.txPush(false);
        assertThat(a.drops(PairDrop.RX_RING_FULL)).as("one frame of three parts").isEqualTo(1);
        assertThat(a.txSpace()).as("the part without an end is still claimed").isEqualTo(15);
        assertThat(b.poll(batch, 2)).isEqualTo(2);
        assertThat(batch.flags(0)).isEqualTo(EventBatch.FLAG_SOP | EventBatch.FLAG_CONT);
        assertThat(batch.flags(1)).isEqualTo(EventBatch.FLAG_CONT);
        b.release(batch);
        assertThat(b.poll(batch, 64)).isEqualTo(1);
        assertThat(batch.flags(0)).isZero();
        b.release(batch);
        put(a, 78, 8, TxFlags.NONE);
        a.txPush(false);
        assertThat(b.poll(batch, 64)).isEqualTo(2);
        assertThat(Memory.getInt(batch.frame(0))).isEqualTo(77);
        assertThat(Memory.getInt(batch.frame(1))).isEqualTo(78);
    }

    @Test
    void retainedFramesStayUntilGivenBack() {
        open(base(false).withRing(4).withMaxRetained(3).withTxFrames(2));
        final long[] tokens = new long[3];
        final long[] frames = new long[3];
        for (int i = 0; i < 3; i++) {
            send(a, i);
            b.poll(batch, 64);
            batch.retain(0);
            tokens[i] = batch.token(0);
            frames[i] = batch.frame(0);
            b.release(batch);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(send(a, 1000 + i)).isTrue();
            assertThat(b.poll(batch, 64)).isEqualTo(1);
            b.release(batch);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(Memory.getInt(frames[i])).isEqualTo(i);
            b.releaseRetained(tokens[i]);
            b.releaseRetained(tokens[i]);
        }
        b.releaseRetained(1L << 40 | 12345);
        b.releaseRetained(-1);
        assertThat(b.unknownTokens()).isEqualTo(5);
        assertThat(a.drops(PairDrop.RX_RING_FULL)).isZero();
    }

    @Test
    void retainedFrameMayComeBackBeforeItsBatchIsReleased() {
        open(base(false).withRing(2).withMaxRetained(1).withTxFrames(1));
        for (int i = 0; i < 100; i++) {
            assertThat(send(a, i)).isTrue();
            assertThat(b.poll(batch, 64)).isEqualTo(1);
            batch.retain(0);
            b.releaseRetained(batch.token(0));
            b.release(batch);
        }
        assertThat(b.unknownTokens()).isZero();
        assertThat(a.drops(PairDrop.TX_NO_FRAME) + a.drops(PairDrop.RX_RING_FULL)).isZero();
    }

    @Test
    void moderatedPushWaitsForAFlushFromAnyThread() throws InterruptedException {
        open(base(false).withModerated(true));
        put(a, 1, 64, TxFlags.NONE);
        assertThat(a.txPush(true)).isEqualTo(1);
        put(a, 2, 64, TxFlags.NONE);
        assertThat(a.txPush(true)).isEqualTo(2);
        assertThat(b.poll(batch, 64)).isZero();
        final Thread other = new Thread(a::txFlush);
        other.start();
        other.join();
        assertThat(b.poll(batch, 64)).isEqualTo(2);
        b.release(batch);
        put(a, 3, 64, TxFlags.NONE);
        assertThat(a.txPush(false)).isZero();
        assertThat(b.poll(batch, 64)).isEqualTo(1);
    }

    @Test
    void wakeDescriptorIsReadableAfterPrime() {
        open(base(false).withWakeable(true));
        final int fd = b.capabilities().wakeFd();
        final int epoll = Posix.epollCreate();
        assertThat(Posix.epollCtl(epoll, 1, fd, 1, 7)).isZero();
        final long record = Memory.allocateAligned(16, 16);
        try {
            assertThat(b.prime()).isFalse();
            assertThat(Posix.epollWait(epoll, record, 1, 0)).isZero();
            send(a, 1);
            assertThat(Posix.epollWait(epoll, record, 1, 0)).isEqualTo(1);
            assertThat(b.prime()).as("something is there").isTrue();
            b.poll(batch, 64);
            b.release(batch);
            send(a, 2);
            b.poll(batch, 64);
            b.release(batch);
            assertThat(b.prime()).isFalse();
            assertThat(Posix.epollWait(epoll, record, 1, 0)).isZero();
            b.wake();
            assertThat(Posix.epollWait(epoll, record, 1, 0)).isEqualTo(1);
            assertThat(b.prime()).as("a wake before the sleep is not lost").isTrue();
            assertThat(b.prime()).isFalse();
        } finally {
            Memory.freeAligned(record);
            Posix.close(epoll);
        }
    }

    @Test
    void closeIsToldToThePeerAfterTheLastFrame() {
        open(base(false));
        send(a, 5);
        a.close();
        assertThatThrownBy(() -> a.txPush(false)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> a.poll(batch, 64)).isInstanceOf(IllegalStateException.class);
        assertThat(b.poll(batch, 64)).isEqualTo(1);
        assertThat(batch.type(0)).isEqualTo(EventType.RX);
        b.release(batch);
        assertThat(b.prime()).isTrue();
        assertThat(b.poll(batch, 64)).isEqualTo(1);
        assertThat(batch.type(0)).isEqualTo(EventType.GONE);
        b.release(batch);
        assertThat(b.poll(batch, 64)).isZero();
        send(b, 1);
        assertThat(b.drops(PairDrop.PEER_CLOSED)).isEqualTo(1);
        assertThat(b.txSpace()).isEqualTo(256);
        a.close();
    }

    @Test
    void injectedEventsComeThrough() {
        open(base(false));
        b.inject(EventType.LINK, 0);
        b.inject(EventType.LINK, 1);
        assertThat(b.poll(batch, 1)).isEqualTo(1);
        assertThat(batch.type(0)).isEqualTo(EventType.LINK);
        b.release(batch);
        assertThat(b.poll(batch, 64)).isEqualTo(1);
        assertThat(batch.detail(0)).isEqualTo(1);
    }

    @Test
    void filtersAreKeptOrRefused() throws Exception {
        open(base(false));
        final FilterSpec spec = FilterSpec.udpLocal(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 7);
        final Filter filter = a.addFilter(spec, FilterMode.STEAL);
        a.addFilter(spec, FilterMode.STEAL);
        assertThat(a.filters()).hasSize(2);
        filter.close();
        filter.close();
        assertThat(a.filters()).hasSize(1);
        a.refuseFilters(Reason.FILTER_TABLE_FULL);
        assertThatThrownBy(() -> a.addFilter(spec, FilterMode.STEAL)).isInstanceOf(FilterRefusedException.class)
            .satisfies(e -> assertThat(((FilterRefusedException) e).reason()).isEqualTo(Reason.FILTER_TABLE_FULL));
    }

    /** Everything at random, checked against a count: frames in = frames out + drops, in order, no buffer lost. */
    @Test
    void randomUseLosesNothingUncounted() {
        open(base(false).withRing(16).withTxFrames(8).withMaxRetained(4));
        final Random random = new Random(7);
        final ArrayDeque<Long> retained = new ArrayDeque<>();
        int sent = 0;
        int received = 0;
        int last = -1;
        for (int i = 0; i < 200_000; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    for (int n = random.nextInt(8); n > 0; n--) {
                        assertThat(put(a, sent++, 64, TxFlags.NONE)).isTrue();
                    }
                    a.txPush(false);
                }
                case 1 -> {
                    put(a, -5, 64, TxFlags.NONE);
                    a.txUndo();
                }
                case 2 -> {
                    final int n = b.poll(batch, 1 + random.nextInt(8));
                    for (int k = 0; k < n; k++) {
                        assertThat(Memory.getInt(batch.frame(k))).isGreaterThan(last);
                        last = Memory.getInt(batch.frame(k));
                        if (retained.size() < 4 && random.nextBoolean()) {
                            batch.retain(k);
                            retained.add(batch.token(k));
                        }
                    }
                    received += n;
                    b.release(batch);
                }
                default -> {
                    if (!retained.isEmpty()) {
                        b.releaseRetained(retained.poll());
                    }
                }
            }
        }
        for (int n = b.poll(batch, 64); n > 0; n = b.poll(batch, 64)) {
            received += n;
            b.release(batch);
        }
        assertThat(received + a.drops(PairDrop.RX_RING_FULL)).isEqualTo(sent);
        assertThat(a.drops(PairDrop.TX_NO_FRAME)).isZero();
        assertThat(a.drops(PairDrop.RX_RING_FULL)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoThreadsSeeEveryFrameOnce(boolean message) throws InterruptedException {
        open(base(message).withRing(128));
        final int total = 200_000;
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread sender = new Thread(() -> {
            try {
                for (int i = 0; i < total; ) {
                    final int space = Math.min(a.txSpace(), 32);
                    for (int n = 0; n < space && i < total; n++) {
                        put(a, i++, 64, TxFlags.NONE);
                    }
                    a.txPush(false);
                    Thread.onSpinWait();
                }
            } catch (final Throwable e) {
                failure.set(e);
            }
        });
        sender.start();
        long received = 0;
        int last = -1;
        while (received + a.drops(PairDrop.RX_RING_FULL) < total && failure.get() == null) {
            final int n = b.poll(batch, 64);
            for (int i = 0; i < n; i++) {
                assertThat(Memory.getInt(batch.frame(i))).isGreaterThan(last);
                last = Memory.getInt(batch.frame(i));
            }
            received += n;
            b.release(batch);
        }
        sender.join();
        assertThat(failure.get()).isNull();
        assertThat(received + a.drops(PairDrop.RX_RING_FULL)).isEqualTo(total);
    }
}
