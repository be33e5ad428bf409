package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.memory.Memory;
import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One sender, one receiver, in one process. */
class ShmVirtualInterfaceTest {
    private final SharedDirectory directory = new SharedDirectory();
    private final EventBatch events = new EventBatch(64);
    private ShmDomain domain;
    private ShmVirtualInterface from;
    private ShmVirtualInterface to;
    private int peer;

    @BeforeEach
    void open() throws Exception {
        domain = directory.open();
        from = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        to = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        domain.publish(to, "4.7f000001.2328");
        peer = domain.lookup("4.7f000001.2328");
    }

    @AfterEach
    void close() {
        events.close();
        domain.close();
        assertThat(directory.files()).isEmpty();
        directory.close();
    }

    @Test
    void deliversWhatWasSent() {
        assertThat(to.hasPending()).as("a new ring to map").isTrue();
        assertThat(to.poll(events, 64)).isZero();
        assertThat(to.hasPending()).isFalse();
        assertThat(Messages.send(from, peer, 4711, 88)).isTrue();

        assertThat(to.hasPending()).isTrue();
        assertThat(to.prime()).isTrue();
        assertThat(to.poll(events, 64)).isEqualTo(1);
        assertThat(events.length(0)).isEqualTo(88);
        assertThat(events.checksum(0)).isEqualTo(ChecksumStatus.VERIFIED);
        assertThat(Messages.number(events, 0)).isEqualTo(4711);
        assertThat(to.memory()[events.region(0)].contains(events.frame(0), 88)).isTrue();
        to.release(events);

        assertThat(events.count()).isZero();
        assertThat(to.hasPending()).isFalse();
        assertThat(to.poll(events, 64)).isZero();
        assertThat(from.transmitted()).isEqualTo(1);
        assertThat(to.received()).isEqualTo(1);
    }

    @Test
    void claimsLieInTheTxRegion() {
        final long at = from.txClaim(peer, 100);
        assertThat(domain.txRegion(peer).contains(at, 100)).isTrue();
        from.txUndo();
        assertThat(to.poll(events, 64)).isZero();
        assertThat(from.transmitted()).isZero();
    }

    @Test
    void carriesEveryLengthFromNothingToTheLongest() {
        for (final int length : new int[] {0, 1, 7, 8, 55, 56, 57, 64, 120, 1472, 65_507, ShmVirtualInterface.MAX_MESSAGE}) {
            for (int i = 0; i < 5; i++) {
                assertThat(Messages.send(from, peer, length, length)).isTrue();
                assertThat(to.poll(events, 64)).isEqualTo(1);
                assertThat(events.type(0)).isEqualTo(EventType.RX);
                assertThat(events.length(0)).isEqualTo(length);
                if (length >= 8) {
                    assertThat(Messages.number(events, 0)).isEqualTo(length);
                }
                to.release(events);
            }
        }
        assertThat(from.txClaim(peer, ShmVirtualInterface.MAX_MESSAGE + 1)).isEqualTo(VirtualInterface.NONE);
        assertThat(from.txClaim(peer, -1)).isEqualTo(VirtualInterface.NONE);
        assertThat(from.droppedRefused()).isEqualTo(2);
    }

    @Test
    void aMessageMayBeShorterThanItsClaim() {
        final long at = from.txClaim(peer, 1000);
        Messages.fill(at, 1, 10);
        from.txInit(at, 10, TxFlags.NONE);
        from.txPush(false);
        Messages.send(from, peer, 2, 20);
        assertThat(to.poll(events, 64)).isEqualTo(2);
        assertThat(events.length(0)).isEqualTo(10);
        assertThat(events.length(1)).isEqualTo(20);
        to.release(events);
    }

    @Test
    void keepsOrderAcrossManyWraps() {
        final Random random = new Random(7);
        long sent = 0;
        long received = 0;
        while (sent < 20_000) {
            for (int burst = random.nextInt(8); burst >= 0; burst--) {
                if (Messages.send(from, peer, sent, 8 + random.nextInt(random.nextInt(10) == 0 ? 60_000 : 200))) {
                    sent++;
                }
            }
            final int n = to.poll(events, 1 + random.nextInt(64));
            for (int i = 0; i < n; i++) {
                assertThat(Messages.number(events, i)).isEqualTo(received++);
            }
            to.release(events);
        }
        while (to.poll(events, 64) > 0) {
            for (int i = 0; i < events.count(); i++) {
                assertThat(Messages.number(events, i)).isEqualTo(received++);
            }
            to.release(events);
        }
        assertThat(received).isEqualTo(sent);
        assertThat(to.lostRingFull()).isEqualTo(from.droppedRingFull());
    }

    @Test
    void aBurstIsPublishedWhole() {
        for (int round = 0; round < 500; round++) {
            final int frames = 1 + round % 20;
            final long[] at = new long[frames];
            for (int i = 0; i < frames; i++) {
                at[i] = from.txClaim(peer, 700);
                Messages.fill(at[i], i, 700);
            }
            for (int i = frames - 1; i >= 0; i--) {
                from.txInit(at[i], 700, TxFlags.NONE);
            }
            assertThat(to.poll(events, 64)).isZero();
            assertThat(from.txPush(true)).isZero();
            // After an idle poll the first record comes alone, and the rest at once.
            assertThat(to.poll(events, 64)).isEqualTo(1);
            assertThat(Messages.number(events, 0)).isZero();
            to.release(events);
            assertThat(to.poll(events, 64)).isEqualTo(frames - 1);
            for (int i = 0; i < frames - 1; i++) {
                assertThat(Messages.number(events, i)).isEqualTo(i + 1);
            }
            to.release(events);
        }
    }

    @Test
    void undoneClaimsLeaveNoTrace() {
        for (int round = 0; round < 3000; round++) {
            for (int i = 0; i < 3; i++) {
                final long at = from.txClaim(peer, 200 + round % 50);
                Memory.fill(at, 200, (byte) 0xFF);
                from.txInit(at, 200, TxFlags.NONE);
            }
            from.txUndo();
            assertThat(to.poll(events, 64)).isZero();
            Messages.send(from, peer, round, 150 + round % 500);
            assertThat(to.poll(events, 64)).isEqualTo(1);
            assertThat(Messages.number(events, 0)).isEqualTo(round);
            to.release(events);
        }
    }

    @Test
    void claimsThatNobodyInitedAreSkipped() {
        for (int round = 0; round < 3000; round++) {
            from.txClaim(peer, 1000);
            from.txPush(false);
            assertThat(to.poll(events, 64)).isZero();
        }
        assertThat(from.droppedRingFull()).isZero();
    }

    @Test
    void aFullRingIsCountedOnBothSides() {
        int sent = 0;
        while (Messages.send(from, peer, sent, 1000)) {
            sent++;
        }
        assertThat(Messages.send(from, peer, sent, 1000)).isFalse();
        assertThat(from.droppedRingFull()).isEqualTo(2);

        int received = 0;
        while (to.poll(events, 64) > 0) {
            received += events.count();
            to.release(events);
        }
        assertThat(received).isEqualTo(sent);
        assertThat(to.lostRingFull()).isEqualTo(2);
        assertThat(Messages.send(from, peer, 0, 1000)).isTrue();
    }

    @Test
    void framesStayUntilReleased() {
        Messages.send(from, peer, 1, 1000);
        assertThat(to.poll(events, 64)).isEqualTo(1);
        int sent = 0;
        while (Messages.send(from, peer, 2, 1000)) {
            sent++;
        }
        assertThat(sent).isGreaterThan(100);
        assertThat(Messages.number(events, 0)).isEqualTo(1);
        to.release(events);
        assertThat(Messages.send(from, peer, 2, 1000)).isTrue();
    }

    @Test
    void aClaimForAnotherPeerPushesTheOneBefore() throws Exception {
        final ShmVirtualInterface other = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        domain.publish(other, "other");
        final int otherPeer = domain.lookup("other");
        final long at = from.txClaim(peer, 50);
        Messages.fill(at, 1, 50);
        from.txInit(at, 50, TxFlags.NONE);
        assertThat(Messages.send(from, otherPeer, 2, 50)).isTrue();
        assertThat(to.poll(events, 64)).isEqualTo(1);
        to.release(events);
        assertThat(other.poll(events, 64)).isEqualTo(1);
        other.release(events);
        assertThat(from.transmitted()).isEqualTo(2);
    }

    @Test
    void aClosedReceiverIsGone() {
        to.close();
        assertThat(Messages.send(from, peer, 1, 10)).isFalse();
        assertThat(from.droppedPeerGone()).isEqualTo(1);
        assertThat(domain.lookup("4.7f000001.2328")).isEqualTo(ShmDomain.ABSENT);
        assertThatThrownBy(() -> to.poll(events, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAddressThatWasNotClaimedIsRefused() {
        assertThatThrownBy(() -> from.txInit(4096, 1, TxFlags.NONE)).isInstanceOf(IllegalArgumentException.class);
        final long at = from.txClaim(peer, 10);
        assertThatThrownBy(() -> from.txInit(at, 1000, TxFlags.NONE)).isInstanceOf(IllegalArgumentException.class);
        from.txUndo();
    }

    @Test
    void sendingToOneselfWorks() {
        assertThat(Messages.send(to, peer, 5, 30)).isTrue();
        assertThat(to.poll(events, 64)).isEqualTo(1);
        assertThat(Messages.number(events, 0)).isEqualTo(5);
        to.release(events);
    }
}
