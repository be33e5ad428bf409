package io.accel.core.shm;

import io.accel.core.memory.Memory;
import java.util.function.IntConsumer;

/**
 * The VIs of a process that have something to read: a bit each, and a summary bit per 64, so that looking at 65,536 idle VIs costs 16
 * loads. Senders in any process mark, the owner collects.
 *
 * <p>Markers set the leaf before the summary and collectors clear the summary before the leaf; both with full fences. A marker that
 * finds its leaf set therefore knows that the collector which clears it has yet to look at the ring.
 */
final class ReadyBoard {
    private final long summary;
    private final long leaves;

    /** @param control address of a mapped control file */
    ReadyBoard(long control) {
        summary = control + ControlDescriptor.SUMMARY_OFFSET;
        leaves = control + ControlDescriptor.LEAVES_OFFSET;
    }

    /** Marks a VI; the caller has published and fenced. */
    void mark(int vi) {
        final int leaf = vi >>> 6;
        set(leaves + (long) leaf * Long.BYTES, 1L << vi);
        set(summary + (long) (leaf >>> 6) * Long.BYTES, 1L << leaf);
    }

    private static void set(long at, long bit) {
        if ((Memory.getLongVolatile(at) & bit) == 0) {
            Memory.getAndOrLong(at, bit);
        }
    }

    /** Whether any VI is marked; takes nothing. */
    boolean any() {
        long bits = 0;
        for (int i = 0; i < ControlDescriptor.SUMMARIES; i++) {
            bits |= Memory.getLongVolatile(summary + (long) i * Long.BYTES);
        }
        return bits != 0;
    }

    /** Takes every mark and hands out the VI's numbers. One collector at a time. */
    void collect(IntConsumer sink) {
        for (int i = 0; i < ControlDescriptor.SUMMARIES; i++) {
            final long at = summary + (long) i * Long.BYTES;
            if (Memory.getLongVolatile(at) != 0) {
                collectSummary(i, Memory.getAndSetLong(at, 0), sink);
            }
        }
    }

    private void collectSummary(int index, long bits, IntConsumer sink) {
        for (long left = bits; left != 0; left &= left - 1) {
            final int leaf = index << 6 | Long.numberOfTrailingZeros(left);
            for (long vis = Memory.getAndSetLong(leaves + (long) leaf * Long.BYTES, 0); vis != 0; vis &= vis - 1) {
                sink.accept(leaf << 6 | Long.numberOfTrailingZeros(vis));
            }
        }
    }
}
