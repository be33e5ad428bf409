package io.accel.core.capture;

import io.accel.core.memory.Memory;

/**
 * What one side of a channel or an interface puts packets of one lane into a {@link CaptureRing} by. One thread at a time, which never
 * waits for the others: of what they share, a packet that finds no room writes nothing. One in common is any thread's.
 */
public final class CaptureWriter implements AutoCloseable {
    static final int SHARED = -1;
    /** No position. */
    private static final long NOT_FULL = -1;
    private static final int LONG_COPY = 512;

    private final CaptureRing ring;
    private final int lane;
    private final int number;
    private final long missed;
    private final long head;
    /** Where the reader was when there was no room. */
    private long fullAt = NOT_FULL;

    /** @param number of its own cell, or {@link #SHARED} @param cell where it counts what finds no room */
    CaptureWriter(CaptureRing ring, int lane, int number, long cell) {
        this.ring = ring;
        this.lane = lane;
        this.number = number;
        this.head = ring.headAddress();
        this.missed = cell + CaptureDescriptor.CELL_MISSED_OFFSET;
    }

    /** Whether its count is others' as well. */
    public boolean isShared() {
        return number == SHARED;
    }

    /** Whether it is this ring's. */
    public boolean isOf(CaptureRing other) {
        return ring == other;
    }

    /**
     * Whether there is room for no packet, so that it is not worth looking at one and all that is left to do is to tell {@link #miss}. This
     * is for nearly all packets of one who is too fast for the reader: it reads what nobody writes before the reader goes on.
     */
    public boolean isFull() {
        return Memory.getLongAcquire(head) == fullAt;
    }

    /** For a packet alone: counts it where there is no room. */
    public boolean misses() {
        if (isFull()) {
            miss(1);
            return true;
        }
        return false;
    }

    /** A capture has begun: what was full is no longer. */
    public void begin() {
        fullAt = NOT_FULL;
    }

    /** Counts packets that there was no room for. */
    public void miss(int packets) {
        if (number == SHARED) {
            Memory.getAndAddLong(missed, packets);
        } else {
            Memory.putLongRelease(missed, Memory.getLong(missed) + packets);
        }
    }

    /** How much of a packet the reader wants: asked once for each, since another process may change it. @return up to its length */
    public int snap(int length) {
        return ring.snap(length);
    }

    /**
     * Claims a record, to be published soon: what comes after it is not read before.
     *
     * @param captured bytes of the packet that follow its header, as {@link #snap} said
     * @return its position, or {@link CaptureRing#NONE}: no room, which is counted
     */
    public long claim(int captured) {
        final long position = ring.claim(CaptureRecord.HEADER_BYTES + captured);
        if (position == CaptureRing.NONE) {
            look();
            miss(1);
        }
        return position;
    }

    /** Positions only grow: where there is no room to speak of, there is none until the reader has moved. */
    private void look() {
        final long at = Memory.getLongAcquire(head);
        if (!ring.hasRoom(at)) {
            fullAt = at;
        }
    }

    /** The address of a {@link CaptureRecord} that was claimed. */
    public long record(long position) {
        return ring.at(position);
    }

    /**
     * Copies the packet in, fills the header but for the ends, and publishes.
     *
     * @param position of {@link #claim}
     * @param captured what was claimed for
     * @param verdict  the stack's
     * @param stamp    nanoseconds since 1970
     * @param from     where the packet lies
     * @param original bytes of the whole packet, of which the captured are there
     */
    public void publish(long position, int captured, byte direction, int verdict, long stamp, long from, int original) {
        copy(from, ring.at(position) + CaptureRecord.HEADER_BYTES, captured);
        publish(position, captured, direction, verdict, stamp, original);
    }

    /** As {@link #publish(long, int, byte, int, long, long, int)}, of a packet that is at {@link CaptureRecord#packet} already. */
    public void publish(long position, int captured, byte direction, int verdict, long stamp, int original) {
        final long record = ring.at(position);
        CaptureRecord.describe(record, lane, direction, verdict, stamp, original, captured);
        Memory.putLongRelease(record + CaptureRecord.WORD_OFFSET, ring.word(position, CaptureRecord.HEADER_BYTES + captured));
    }

    /** Short ones are not worth the call. */
    private static void copy(long from, long to, int bytes) {
        if (bytes > LONG_COPY || bytes < Long.BYTES) {
            Memory.copy(from, to, bytes);
            return;
        }
        final int last = bytes - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            Memory.putLong(to + i, Memory.getLong(from + i));
        }
        Memory.putLong(to + last, Memory.getLong(from + last));
    }

    /** Gives back what it had for itself. Nobody uses it any more. */
    @Override
    public void close() {
        if (number != SHARED) {
            ring.giveBack(number);
        }
    }
}
