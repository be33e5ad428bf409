package io.accel.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyVirtualInterfaceTest {
    private static final int LENGTH = 64;
    private static final int FRAMES = 2000;

    private final Pair pair = Pair.ethernet();
    private final EventBatch batch = new EventBatch(32);
    private FaultyVirtualInterface faulty;

    /** What arrived: the number in the frame, its length, whether any byte after the number is not 0. */
    private record Seen(int number, int length, boolean corrupt, byte checksum) {
    }

    @AfterEach
    void close() {
        pair.close();
        batch.close();
    }

    private List<Seen> run(FaultRates rates, long seed) {
        faulty = new FaultyVirtualInterface(pair.second(), rates, seed);
        final VirtualInterface checked = new CheckedVirtualInterface(faulty);
        final List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < FRAMES; ) {
            for (int n = 0; n < 10; n++, i++) {
                final long at = pair.first().txClaim(0, LENGTH);
                Memory.fill(at, LENGTH, (byte) 0);
                Memory.putInt(at, i);
                pair.first().txInit(at, LENGTH, TxFlags.NONE);
            }
            pair.first().txPush(false);
            receive(checked, seen);
        }
        receive(checked, seen);
        receive(checked, seen);
        assertThat(checked.prime()).isFalse();
        return seen;
    }

    private void receive(VirtualInterface vi, List<Seen> seen) {
        for (int count = vi.poll(batch, 32); count > 0; count = vi.poll(batch, 32)) {
            for (int i = 0; i < count; i++) {
                boolean corrupt = false;
                for (int b = 4; b < batch.length(i); b++) {
                    corrupt |= Memory.getByte(batch.frame(i) + b) != 0;
                }
                seen.add(new Seen(batch.length(i) < 4 ? -1 : Memory.getInt(batch.frame(i)), batch.length(i), corrupt, batch.checksum(i)));
                if (i % 3 == 0) {
                    batch.retain(i);
                    vi.releaseRetained(batch.token(i));
                }
            }
            vi.release(batch);
        }
    }

    @Test
    void withoutFaultsAllArrivesInOrder() {
        final List<Seen> seen = run(FaultRates.NONE, 1);
        assertThat(seen).hasSize(FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            assertThat(seen.get(i)).isEqualTo(new Seen(i, LENGTH, false, ChecksumStatus.UNKNOWN));
        }
    }

    @Test
    void sameSeedSameFaults() {
        final FaultRates rates = new FaultRates(0.1, 0.1, 0.1, 0.1, 0.1, 0);
        final List<Seen> first = run(rates, 42);
        assertThat(run(rates, 42)).isEqualTo(first);
        assertThat(run(rates, 43)).isNotEqualTo(first);
    }

    @Test
    void lossIsCounted() {
        assertThat(run(FaultRates.NONE.withLoss(0.25), 1)).hasSize((int) (FRAMES - faulty.count(Fault.LOSS)));
        assertThat(faulty.count(Fault.LOSS)).isBetween(400L, 600L);
        assertThat(faulty.drops()).containsEntry("FAULT_LOSS", faulty.count(Fault.LOSS)).containsKey("RX_RING_FULL");
    }

    @Test
    void duplicatesArrive() {
        final List<Seen> seen = run(FaultRates.NONE.withDuplicate(0.25), 1);
        assertThat(seen).hasSize((int) (FRAMES + faulty.count(Fault.DUPLICATE)));
        assertThat(new HashSet<>(seen)).hasSize(FRAMES);
        assertThat(faulty.count(Fault.DUPLICATE)).isPositive();
    }

    @Test
    void reorderLosesNothing() {
        final List<Seen> seen = run(FaultRates.NONE.withReorder(0.25), 1);
        assertThat(seen).hasSize(FRAMES);
        assertThat(new HashSet<>(seen)).hasSize(FRAMES);
        int late = 0;
        for (int i = 1; i < FRAMES; i++) {
            late += seen.get(i).number < seen.get(i - 1).number ? 1 : 0;
        }
        assertThat(late).isPositive();
    }

    @Test
    void corruptionFlipsBitsAndClearsTheStatus() {
        final List<Seen> seen = run(FaultRates.NONE.withCorrupt(1), 1);
        assertThat(seen).hasSize(FRAMES).anyMatch(Seen::corrupt).allMatch(s -> s.length == LENGTH);
        assertThat(faulty.count(Fault.CORRUPT)).isEqualTo(FRAMES);
    }

    @Test
    void truncationShortens() {
        assertThat(run(FaultRates.NONE.withTruncate(1), 1)).hasSize(FRAMES).allMatch(s -> s.length < LENGTH);
    }

    @Test
    void claimsAreRefused() {
        faulty = new FaultyVirtualInterface(pair.first(), FaultRates.NONE.withRefuse(0.5), 1);
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            refused += faulty.txClaim(0, 10) == VirtualInterface.NONE ? 1 : 0;
            faulty.txUndo();
        }
        assertThat(refused).isBetween(50, 150).isEqualTo((int) faulty.count(Fault.REFUSE));
    }

    @Test
    void otherEventsPass() {
        faulty = new FaultyVirtualInterface(pair.second(), FaultRates.NONE.withLoss(1), 1);
        pair.second().inject(EventType.LINK, 1);
        assertThat(faulty.poll(batch, 32)).isEqualTo(1);
        assertThat(batch.type(0)).isEqualTo(EventType.LINK);
        assertThat(batch.detail(0)).isEqualTo(1);
    }

    @Test
    void ratesAreChecked() {
        assertThatThrownBy(() -> FaultRates.NONE.withLoss(1.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FaultRates.NONE.withLoss(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
