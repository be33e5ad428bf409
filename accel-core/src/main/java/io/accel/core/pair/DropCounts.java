package io.accel.core.pair;

import java.util.concurrent.atomic.AtomicLongArray;

/** One writer, any readers. */
final class DropCounts {
    private final AtomicLongArray counts = new AtomicLongArray(PairDrop.values().length);

    void add(PairDrop cause, long n) {
        final int i = cause.ordinal();
        counts.setRelease(i, counts.getPlain(i) + n);
    }

    long get(PairDrop cause) {
        return counts.getAcquire(cause.ordinal());
    }
}
