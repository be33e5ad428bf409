package io.accel.core.capture;

import java.util.function.LongSupplier;

/**
 * When a reader gives the process room back. A packet that finds room costs the process many times what one costs that finds none. Of a
 * flood, some times more than the reader can take, it sees a part anyway: then it takes one ring full after the other with a rest
 * between them, so that the process is not held up for what makes no difference. Once the flood ends, so does the rest, and a reader that
 * is slow by itself has none. One thread.
 */
final class CapturePace {
    /** Packets that are missed in the time that the reader takes one, from which on it is a flood. */
    static final int FLOOD = 2;
    /** Of a flood, for each byte that is taken: 16 MiB in 0.4 s, 250,000 short packets a second. */
    static final int NANOS_EACH = 24;
    /** Whether it goes on is judged over so long: a thread that floods is interrupted now and then. */
    static final long LOOK_NANOS = 10_000_000;

    private final LongSupplier clock;
    private final LongSupplier missed;
    private boolean flood;
    /** Since room was given back: when, and what was taken. */
    private long since;
    private long packets;
    private long bytes;
    /** How long that took, once there was nothing more; 0: it goes on. */
    private long busy;
    /** The last look at what is missed: when, and how many. */
    private long looked;
    private long missedThen;

    /** @param clock in nanoseconds @param missed packets of the process that found no room, ever */
    CapturePace(LongSupplier clock, LongSupplier missed) {
        this.clock = clock;
        this.missed = missed;
    }

    /** A capture has begun. */
    void begin() {
        flood = false;
        givenBack(clock.getAsLong(), missed.getAsLong());
    }

    void took(int length) {
        packets++;
        bytes += length;
    }

    /** A good part of the ring has been taken. @return whether the process gets it back */
    boolean afterPortion() {
        if (flood) {
            return false;
        }
        final long now = clock.getAsLong();
        final long lost = missed.getAsLong();
        flood = lost - missedThen > FLOOD * packets;
        looked = now;
        missedThen = lost;
        if (!flood) {
            givenBack(now, lost);
        }
        return !flood;
    }

    /** All has been taken. @return whether the process gets it back */
    boolean whenEmpty() {
        final long now = clock.getAsLong();
        if (flood) {
            if (busy == 0) {
                busy = Math.max(1, now - since);
            }
            if (now - looked < LOOK_NANOS) {
                return false;
            }
        }
        final long lost = missed.getAsLong();
        if (flood) {
            // Losses and packets each per their time, without dividing.
            final boolean goesOn = (double) (lost - missedThen) * busy > (double) FLOOD * packets * (now - looked);
            looked = now;
            missedThen = lost;
            if (goesOn && now - since < NANOS_EACH * bytes) {
                return false;
            }
            flood = goesOn;
        }
        givenBack(now, lost);
        return true;
    }

    private void givenBack(long now, long lost) {
        since = now;
        packets = 0;
        bytes = 0;
        busy = 0;
        looked = now;
        missedThen = lost;
    }
}
