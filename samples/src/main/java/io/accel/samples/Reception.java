package io.accel.samples;

import java.util.Arrays;

/**
 * What became of a numbered stream: received, duplicates, reordered, lost. Sequence numbers start at 0. A window of the latest numbers is
 * remembered; one that arrives later than the window reaches back counts as reordered.
 */
final class Reception {
    /** Numbers remembered; a power of two. */
    static final int WINDOW = 1 << 20;

    private final long[] seen = new long[WINDOW / Long.SIZE];
    private long next;
    private long distinct;
    private long duplicates;
    private long reordered;

    /** Takes one sequence number in. */
    void add(long sequence) {
        if (sequence >= next) {
            forget(next, sequence);
            next = sequence + 1;
        } else if (sequence < next - WINDOW) {
            reordered++;
            distinct++;
            return;
        } else if (isSeen(sequence)) {
            duplicates++;
            return;
        } else {
            reordered++;
        }
        distinct++;
        seen[word(sequence)] |= 1L << sequence;
    }

    private void forget(long from, long to) {
        if (to - from >= WINDOW) {
            Arrays.fill(seen, 0);
            return;
        }
        for (long s = from; s <= to; s++) {
            seen[word(s)] &= ~(1L << s);
        }
    }

    private boolean isSeen(long sequence) {
        return (seen[word(sequence)] & (1L << sequence)) != 0;
    }

    private static int word(long sequence) {
        return (int) (sequence & (WINDOW - 1)) >>> 6;
    }

    /** Different messages received. */
    long received() {
        return distinct;
    }

    long duplicates() {
        return duplicates;
    }

    /** Messages that came after one with a higher number. */
    long reordered() {
        return reordered;
    }

    /** @param sent how many were sent, or negative when unknown: then those missing below the highest number count */
    long lost(long sent) {
        return Math.max(0, (sent >= 0 ? sent : next) - distinct);
    }
}
