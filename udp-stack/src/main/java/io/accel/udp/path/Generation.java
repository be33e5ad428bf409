package io.accel.udp.path;

/** Counts what may have made cached paths wrong: kernel events, interfaces that came or went, and every second in any case. */
public final class Generation {
    private volatile int value;

    public int get() {
        return value;
    }

    /** Makes every cached path ask again. */
    public synchronized void advance() {
        value++;
    }
}
