package io.accel.core.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every rule broken once, and a use that keeps them all. */
class CheckedVirtualInterfaceTest {
    private final Pair pair = new Pair(PairOptions.ETHERNET.withRing(64).withTxFrames(64).withMaxRetained(2));
    private final CheckedVirtualInterface a = new CheckedVirtualInterface(pair.first());
    private final CheckedVirtualInterface b = new CheckedVirtualInterface(pair.second());
    private final EventBatch batch = new EventBatch(16);

    @AfterEach
    void close() {
        pair.close();
        batch.close();
    }

    private void send(int frames) {
        for (int i = 0; i < frames; i++) {
            final long at = a.txClaim(0, 64);
            Memory.putLong(at, i);
            a.txInit(at, 64, TxFlags.NONE);
        }
        a.txPush(false);
    }

    private static void assertBroken(String rule, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(AssertionError.class).hasMessageContaining(rule);
    }

    @Test
    void goodUsePasses() {
        for (int i = 0; i < 100; i++) {
            send(5);
            assertThat(b.poll(batch, 16)).isEqualTo(5);
            batch.retain(3);
            batch.retain(4);
            final long kept = batch.token(3);
            final long early = batch.token(4);
            b.releaseRetained(early);
            b.release(batch);
            b.releaseRetained(kept);
            assertThat(b.poll(batch, 16)).isZero();
            b.release(batch);
            a.txClaim(0, 10);
            a.txUndo();
        }
        assertThat(a.held() + b.held()).isZero();
        assertThat(a.violation()).isNull();
        assertThat(b.violation()).isNull();
    }

    @Test
    void releasedFramesArePoisoned() {
        send(2);
        b.poll(batch, 16);
        final long frame = batch.frame(0);
        final long kept = batch.frame(1);
        batch.retain(1);
        final long token = batch.token(1);
        b.release(batch);
        assertThat(Memory.getLong(frame)).isEqualTo(0xDBDBDBDBDBDBDBDBL);
        assertThat(Memory.getLong(kept)).isEqualTo(1);
        b.releaseRetained(token);
        assertThat(Memory.getLong(kept)).isEqualTo(0xDBDBDBDBDBDBDBDBL);
        assertThat(Memory.getLong(a.txClaim(0, 64))).isEqualTo(0xDBDBDBDBDBDBDBDBL);
    }

    @Test
    void pollBeforeRelease() {
        send(1);
        b.poll(batch, 16);
        assertBroken("empty or released", () -> b.poll(batch, 16));
        assertThat(b.violation()).hasMessageContaining("empty or released");
    }

    @Test
    void pollLimit() {
        assertBroken("limit", () -> b.poll(batch, 17));
        assertBroken("limit", () -> b.poll(batch, 0));
    }

    @Test
    void doubleRelease() {
        send(1);
        b.poll(batch, 16);
        b.release(batch);
        batch.count(1);
        assertBroken("once", () -> b.release(batch));
    }

    @Test
    void releaseOfAnAlteredBatch() {
        send(2);
        b.poll(batch, 16);
        batch.count(1);
        assertBroken("as poll filled it", () -> b.release(batch));
    }

    @Test
    void releaseOfAnAlteredToken() {
        send(1);
        b.poll(batch, 16);
        Memory.putLong(batch.recordAddress(0) + EventBatch.TOKEN_OFFSET, 77);
        assertBroken("not lent", () -> b.release(batch));
    }

    @Test
    void tooManyRetained() {
        send(3);
        b.poll(batch, 16);
        for (int i = 0; i < 3; i++) {
            batch.retain(i);
        }
        assertBroken("at most 2", () -> b.release(batch));
    }

    @Test
    void doubleReleaseOfARetainedFrame() {
        send(1);
        b.poll(batch, 16);
        batch.retain(0);
        final long token = batch.token(0);
        b.release(batch);
        b.releaseRetained(token);
        assertBroken("once", () -> b.releaseRetained(token));
    }

    @Test
    void releaseOfAnUnknownToken() {
        assertBroken("not with the caller", () -> b.releaseRetained(12345));
    }

    @Test
    void releaseRetainedOfAFrameThatIsNotRetained() {
        send(1);
        b.poll(batch, 16);
        b.releaseRetained(batch.token(0));
        assertBroken("never retained", () -> b.release(batch));
    }

    @Test
    void claimTooLong() {
        assertBroken("several claims", () -> a.txClaim(0, 2049));
    }

    @Test
    void initOfUnclaimed() {
        assertBroken("claimed", () -> a.txInit(0x1000, 4, TxFlags.NONE));
    }

    @Test
    void initTwice() {
        final long at = a.txClaim(0, 64);
        a.txInit(at, 64, TxFlags.NONE);
        assertBroken("once", () -> a.txInit(at, 64, TxFlags.NONE));
    }

    @Test
    void initLongerThanClaimed() {
        final long at = a.txClaim(0, 64);
        assertBroken("no more bytes", () -> a.txInit(at, 65, TxFlags.NONE));
    }

    @Test
    void initWithUnknownFlags() {
        final long at = a.txClaim(0, 64);
        assertBroken("TxFlags", () -> a.txInit(at, 64, 8));
    }

    @Test
    void pushWithAClaimThatIsNotInited() {
        a.txClaim(0, 64);
        assertBroken("inited before a push", () -> a.txPush(false));
    }

    @Test
    void pushOfHalfAFrame() {
        final long at = a.txClaim(0, 64);
        a.txInit(at, 64, TxFlags.CONT);
        assertBroken("whole", () -> a.txPush(false));
    }

    @Test
    void writeAfterInit() {
        final long at = a.txClaim(0, 64);
        a.txInit(at, 64, TxFlags.NONE);
        Memory.putInt(at + 60, 1);
        assertBroken("written afterwards", () -> a.txPush(false));
    }

    @Test
    void closedUse() {
        a.close();
        a.close();
        assertBroken("closed", () -> a.poll(batch, 16));
        assertBroken("closed", () -> a.txClaim(0, 64));
    }

    @Test
    void twoThreadsAtOnceOnASide() throws InterruptedException {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);
        final CheckedVirtualInterface slow = new CheckedVirtualInterface(new ForwardingVirtualInterface(pair.first()) {
            @Override
            public int poll(EventBatch events, int limit) {
                inside.countDown();
                try {
                    leave.await();
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.poll(events, limit);
            }
        });
        final Thread poller = new Thread(() -> slow.poll(batch, 16), "poller");
        poller.start();
        inside.await();
        assertBroken("one owner thread", slow::prime);
        slow.txSpace();
        leave.countDown();
        poller.join();
        slow.prime();
    }

    @Test
    void strictSidesStayWithTheirThreadUntilHandedOver() throws InterruptedException {
        final CheckedVirtualInterface strict = new CheckedVirtualInterface(pair.first(), true);
        strict.prime();
        strict.txSpace();
        assertThat(thrownByAnother(strict::prime)).hasMessageContaining("did not hand it over");
        assertThat(thrownByAnother(strict::txSpace)).hasMessageContaining("did not hand it over");
        assertThat(thrownByAnother(strict::handOverSend)).hasMessageContaining("only the owner");
        strict.handOverReceive();
        strict.handOverSend();
        assertThat(thrownByAnother(strict::prime)).isNull();
        assertThat(thrownByAnother(strict::txSpace)).isNull();
    }

    private static Throwable thrownByAnother(Runnable call) throws InterruptedException {
        final AtomicReference<Throwable> thrown = new AtomicReference<>();
        final Thread thread = new Thread(() -> {
            try {
                call.run();
            } catch (final Throwable e) {
                thrown.set(e);
            }
        });
        thread.start();
        thread.join();
        return thrown.get();
    }

    /** A datapath that breaks its own rules. */
    private static final class Broken extends ForwardingVirtualInterface {
        int countOffset;
        long claim;

        Broken(VirtualInterface vi) {
            super(vi);
        }

        @Override
        public int poll(EventBatch events, int limit) {
            final int count = vi.poll(events, limit);
            if (count == 2) {
                Memory.putLong(events.recordAddress(1) + EventBatch.TOKEN_OFFSET, events.token(0));
            } else if (count == 3) {
                Memory.putLong(events.recordAddress(2) + EventBatch.ADDRESS_OFFSET, 4096);
            }
            return count + countOffset;
        }

        @Override
        public void release(EventBatch events) {
        }

        @Override
        public long txClaim(int peer, int length) {
            return claim == 0 ? claim = vi.txClaim(peer, length) : claim;
        }

        @Override
        public int txSpace() {
            return -1;
        }
    }

    @Test
    void rulesOfTheDatapath() {
        final Broken broken = new Broken(pair.second());
        final CheckedVirtualInterface checked = new CheckedVirtualInterface(broken);
        send(2);
        assertBroken("lent once", () -> checked.poll(batch, 16));
        batch.count(0);
        send(3);
        assertBroken("within its region", () -> new CheckedVirtualInterface(broken).poll(batch, 16));
        batch.count(0);
        broken.countOffset = 1;
        assertBroken("returns the events", () -> new CheckedVirtualInterface(broken).poll(batch, 16));
        broken.countOffset = 0;
        send(1);
        final CheckedVirtualInterface other = new CheckedVirtualInterface(broken);
        other.poll(batch, 16);
        assertBroken("empties", () -> other.release(batch));
        other.txClaim(0, 64);
        assertBroken("claimed once", () -> other.txClaim(0, 64));
        broken.claim = 8192;
        assertBroken("within the VI's memory", () -> other.txClaim(0, 64));
        assertBroken("txSpace", other::txSpace);
    }
}
