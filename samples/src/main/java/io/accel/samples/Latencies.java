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

    /**
     * The whole distribution, to be plotted over the nines: ten points to each, the values below which 0, 0.206, 0.369 and so on to
     * 1 - 10^(-i/10) of the times lie, as far as there are times enough.
     */
    long[] curve() {
        final long[] points = new long[count == 0 ? 0 : 1 + (int) Math.floor(10 * Math.log10(count))];
        for (int i = 0; i < points.length; i++) {
            points[i] = quantile(1 - Math.pow(10, -i / 10.0));
        }
        return points;
    }

    /** The value below which the fraction lies, by nearest rank; 0 when nothing was recorded. */
    long quantile(double fraction) {
        return count == 0 ? 0 : nanos[Math.min(count - 1, (int) (count * fraction))];
    }
}
