package io.accel.samples;

/** How a program waits for datagrams. */
enum Mode {
    /** Non-blocking receive in a loop. */
    SPIN,
    /** {@code Selector.selectNow} in a loop, then receive. */
    SPIN_SELECT,
    /** Asleep in {@code Selector.select}. */
    SELECT,
    /** Asleep in a blocking receive. */
    BLOCKING
}
