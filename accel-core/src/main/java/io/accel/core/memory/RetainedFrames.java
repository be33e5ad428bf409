package io.accel.core.memory;

/**
 * Which buffers of a receive side are retained, and those given back by any thread, until the owner drains them. A buffer is at most once
 * among them, so the queue is as long as there are buffers. A frame may come back before the owner has released the batch it came in.
 *
 * <p>A token names a buffer and the turn in which it was polled: one that is given back twice, or made up, is found and ignored.
 */
public final class RetainedFrames {
    private static final int LENT = 0;
    private static final int KEPT = 1;
    private static final int RETURNED = 2;
    private static final int STATES = 2;
    private static final int EMPTY = -1;
    private static final long TURN_MASK = 0x3FFF_FFFF;

    private final MemoryRegion words;
    /** Per buffer: turn and state. */
    private final long states;
    /** The last one given back, or EMPTY, then per buffer the one before it. */
    private final long top;
    private final long below;
    private final int buffers;

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
        return move(token, LENT, KEPT);
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
            Memory.putInt(below + ((long) buffer << 2), seen);
        } while (!Memory.compareAndSetInt(top, seen, buffer));
        return true;
    }

    /** The owner takes all that have come back: the first of a chain for {@link #next}, or -1. */
    public int drain() {
        return Memory.getIntAcquire(top) == EMPTY ? EMPTY : Memory.getAndSetInt(top, EMPTY);
    }

    /** The one after it in the chain, or -1; to be asked before the buffer is used again. */
    public int next(int buffer) {
        return Memory.getInt(below + ((long) buffer << 2));
    }

    private boolean move(long token, int from, int to) {
        final long turn = token >>> 32 << STATES;
        return Memory.compareAndSetLong(states + ((token & 0xFFFFFFFFL) << 3), turn | from, turn | to);
    }
}
