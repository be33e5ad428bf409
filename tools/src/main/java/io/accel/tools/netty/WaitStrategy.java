package io.accel.tools.netty;

/** What an event loop does when it has nothing to do. */
enum WaitStrategy {
    /** Looks again at once, for ever. */
    SPIN,
    /** Sleeps in the kernel until something comes. */
    SLEEP
}
