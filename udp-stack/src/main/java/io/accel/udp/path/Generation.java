package io.accel.udp.path;

/**
 * Counts what may have made cached paths wrong: kernel events, interfaces that came or went, and every second in any case; and, of a
 * socket's own, changes of its options.
 */
public final class Generation {
    private final Generation common;
    private volatile int value;

    /** For all sockets. */
    public Generation() {
        this(null);
    }

    /** For one socket: advances with the common one, and by itself. */
    public Generation(Generation common) {
        this.common = common;
    }

    public int get() {
        return common == null ? value : common.get() + value;
    }

    /** Makes every cached path ask again. */
    public synchronized void advance() {
        value++;
    }
}
