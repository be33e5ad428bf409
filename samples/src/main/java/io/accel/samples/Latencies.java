package io.accel.samples;

import java.util.Arrays;

/** Round-trip times in nanoseconds, recorded into an array that is there from the start. */
final class Latencies {
    private final long[] nanos;
    private int count;

    Latencies(int capacity) {
        nanos = new long[capacity];
    }

    void add(long value) {
        nanos[count++] = value;
    }

    int count() {
        return count;
    }

    /** Sorts what was recorded; to be called once, before the quantiles are asked for. */
    void sort() {
        Arrays.sort(nanos, 0, count);
    }

    /** The value below which the fraction lies, by nearest rank; 0 when nothing was recorded. */
    long quantile(double fraction) {
        return count == 0 ? 0 : nanos[Math.min(count - 1, (int) (count * fraction))];
    }
}
