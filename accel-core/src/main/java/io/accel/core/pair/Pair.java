package io.accel.core.pair;

/** Two VIs with a wire in between: what one sends, the other receives, in order. Deterministic: nothing here has a thread or a clock. */
public final class Pair implements AutoCloseable {
    private final PairVirtualInterface first;
    private final PairVirtualInterface second;

    public Pair(PairOptions options) {
        final PairWire there = new PairWire(options);
        final PairWire back = new PairWire(options);
        first = new PairVirtualInterface("pair0", options, there, back);
        second = new PairVirtualInterface("pair1", options, back, there);
    }

    public static Pair ethernet() {
        return new Pair(PairOptions.ETHERNET);
    }

    public static Pair message() {
        return new Pair(PairOptions.MESSAGE);
    }

    public PairVirtualInterface first() {
        return first;
    }

    public PairVirtualInterface second() {
        return second;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
