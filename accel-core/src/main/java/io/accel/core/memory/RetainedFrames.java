package io.accel.core.memory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which buffers of a receive side are retained, and those given back by any thread, until the owner drains them. A buffer is at most once
 * among them, so the queue is as long as there are buffers. A frame may come back before the owner has released the batch it came in.
 *
 * <p>A token names a buffer and the turn in which it was polled: one that is given back twice, or made up, is found and ignored.
 *
 * <p>What is retained outlives the owner: after {@link #close} the buffers' memory is freed with the last that comes back.
 */
public final class RetainedFrames {
    private static final int LENT = 0;
    private static final int KEPT = 1;
    private static final int RETURNED = 2;
    private static final int STATES = 2;
    private static final int EMPTY = -1;
    private static final int CLOSED = -2;
    private static final long TURN_MASK = 0x3FFF_FFFF;

    private final MemoryRegion words;
    /** Per buffer: turn and state. */
    private final long states;
    /** The last one given back, or EMPTY, then per buffer the one before it. */
    private final long top;
    private final long below;
    private final int buffers;
    /** Retained, given back ones that are not drained included; the owner's. */
    private int kept;
    /** After close, those that are still out; before the closer has added how many, less than 0. */
    private final AtomicInteger out = new AtomicInteger();
    private volatile Runnable free;

    /** @param buffers numbered from 0; none is retained */
    public RetainedFrames(int buffers) {
        this.buffers = buffers;
        words = MemoryRegion.allocate(0, buffers * (Long.BYTES + Integer.BYTES) + 128);
        states = words.address();
        below = states + (long) buffers * Long.BYTES;
        top = below + (long) (buffers + 15) * Integer.BYTES & -4L;
        Memory.putInt(top, EMPTY);
    }

    /** The owner polls a buffer: its token for this turn. */
    public long lend(int buffer) {
        final long at = states + ((long) buffer << 3);
        final long turn = (Memory.getLong(at) >>> STATES) + 1 & TURN_MASK;
        Memory.putLong(at, turn << STATES | LENT);
        return turn << 32 | buffer;
    }

    /** The owner releases a batch in which this one is retained: false if it has come back already. */
    public boolean keep(long token) {
        if (!move(token, LENT, KEPT)) {
            return false;
        }
        kept++;
        return true;
    }

    /** The owner: how many are retained, as far as it has drained them. */
    public int kept() {
        return kept;
    }

    /** Any thread: false for a token that is not out. */
    public boolean giveBack(long token) {
        final int buffer = (int) token;
        if (token < 0 || buffer < 0 || buffer >= buffers) {
            return false;
        }
        if (move(token, LENT, RETURNED)) {
            return true;
        }
        if (!move(token, KEPT, RETURNED)) {
            return false;
        }
        int seen;
        do {
            seen = Memory.getIntVolatile(top);
            if (seen == CLOSED) {
                cameHome(-1);
                return true;
            }
            Memory.putInt(below + ((long) buffer << 2), seen);
        } while (!Memory.compareAndSetInt(top, seen, buffer));
        return true;
    }

    /** The owner takes all that have come back: the first of a chain for {@link #next}, or -1. */
    public int drain() {
        // Closed is closed, whoever still asks.
        return Memory.getIntAcquire(top) < 0 ? EMPTY : Memory.getAndSetInt(top, EMPTY);
    }

    /** The one after it in the chain, or -1; to be asked once, before the buffer is used again. It is not retained any more. */
    public int next(int buffer) {
        kept--;
        return Memory.getInt(below + ((long) buffer << 2));
    }

    /**
     * The owner ends, and drains no more. Buffers in a batch that has not been released are not waited for.
     *
     * @param freed frees the buffers' memory: runs once, here or in whatever thread gives back the last one
     */
    public void close(Runnable freed) {
        free = freed;
        int buffer = Memory.getAndSetInt(top, CLOSED);
        while (buffer >= 0) {
            buffer = next(buffer);
        }
        cameHome(kept);
    }

    private void cameHome(int change) {
        if (out.addAndGet(change) == 0) {
            free.run();
        }
    }

    private boolean move(long token, int from, int to) {
        final long turn = token >>> 32 << STATES;
        return Memory.compareAndSetLong(states + ((token & 0xFFFFFFFFL) << 3), turn | from, turn | to);
    }
}
