package io.accel.core.shm;

import static io.accel.core.shm.RingDescriptor.ALIGNMENT;
import static io.accel.core.shm.RingDescriptor.DATA_OFFSET;
import static io.accel.core.shm.RingDescriptor.KIND_DATA;
import static io.accel.core.shm.RingDescriptor.KIND_PADDING;
import static io.accel.core.shm.RingDescriptor.WORD_BYTES;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import java.nio.ByteBuffer;

/** The receiving end of a ring; its VI's receive owner only. Nothing the writer stores is believed. */
final class RxRing {
    private static final long MAX_DROPS_PER_LOOK = 1L << 40;

    private final Sender sender;
    private final String path;
    private final Mapping mapping;
    private final ByteBuffer buffer;
    private final long base;
    private final long data;
    private final long capacity;
    private final long mask;

    private int index;
    private MemoryRegion region;
    private long position;
    private long released;
    /** Positions below it have space in the file. */
    private long populated;
    private long drops;
    private boolean corrupt;

    private RxRing(Sender sender, String path, Mapping mapping) {
        this.sender = sender;
        this.path = path;
        this.mapping = mapping;
        this.base = mapping.address();
        this.data = base + DATA_OFFSET;
        this.capacity = mapping.length() - DATA_OFFSET;
        this.mask = capacity - 1;
        this.buffer = Posix.wrap(base, (int) mapping.length());
        this.populated = RingDescriptor.populated(mapping);
    }

    /**
     * Maps a ring that a sender made.
     *
     * @return null when the sender has not finished making it; it will say so when it has
     * @param largest capacity that this VI has asked for; a ring may be older and smaller
     * @throws ErrnoException EINVAL when it is not a ring of such a size
     */
    static RxRing open(Sender sender, String path, int largest) throws ErrnoException {
        final Mapping mapping = Mapping.open(path);
        final boolean hasSpace = mapping.length() >= TxRing.FIRST_BYTES && mapping.reach(TxRing.FIRST_BYTES);
        final long magic = hasSpace ? Memory.getLongAcquire(mapping.address()) : 0;
        final long capacity = mapping.length() - DATA_OFFSET;
        if (magic == RingDescriptor.MAGIC && RingDescriptor.isCapacity(capacity) && capacity <= largest) {
            return new RxRing(sender, path, mapping);
        }
        mapping.unmap();
        if (magic == 0) {
            return null;
        }
        throw new ErrnoException(Errno.EINVAL, path);
    }

    Sender sender() {
        return sender;
    }

    MemoryRegion region() {
        return region;
    }

    /** Gives the ring its place in the VI's arrays. */
    void index(int at) {
        index = at;
        region = new MemoryRegion(at, base, buffer.capacity(), buffer);
    }

    boolean isCorrupt() {
        return corrupt;
    }

    /** Whether a record is there that {@link #poll} has not taken. */
    boolean hasPending() {
        return !corrupt && Memory.getLongAcquire(data + (position & mask)) != 0;
    }

    /** Adds records to the batch from index {@code count} on and returns the new count; garbage ends the ring. */
    int poll(EventBatch events, int count, int limit) {
        long at = position;
        int n = count;
        while (n < limit && !corrupt) {
            final long frame = data + (at & mask);
            final long word = Memory.getLongAcquire(frame);
            if (word == 0) {
                break;
            }
            final int kind = RingDescriptor.kind(word);
            final int length = RingDescriptor.length(word);
            final long stride = RingDescriptor.stride(word);
            if (!isSound(at, kind, length, stride)) {
                corrupt = true;
                events.putEvent(n++, EventType.RX_DISCARD, index, 0, Errno.EINVAL);
                break;
            }
            at += stride;
            if (kind == KIND_DATA) {
                events.putRx(n++, frame + WORD_BYTES, length, index, 0, index, 0, ChecksumStatus.VERIFIED);
            }
        }
        position = at;
        return n;
    }

    /** A record lies inside the ring, ends before its end, and does not make the reader lap what it has not given back. */
    private boolean isSound(long at, int kind, int length, long stride) {
        return (kind == KIND_DATA || kind == KIND_PADDING)
            && length >= 0 && length <= RingDescriptor.MAX_MESSAGE
            && stride >= ALIGNMENT && length <= stride - WORD_BYTES
            && (at & mask) + stride <= capacity
            && at + stride - released < capacity
            && (at + stride < populated || populate(at + stride));
    }

    /** Goes where the writer has been, in the first lap; false: there is no space in the file, so that it cannot have been there. */
    private boolean populate(long next) {
        final boolean hasSpace = mapping.reach(DATA_OFFSET + Math.min(next + WORD_BYTES, capacity));
        populated = RingDescriptor.populated(mapping);
        return hasSpace;
    }

    /** Gives back all that was polled. */
    void release() {
        if (position != released) {
            released = position;
            Memory.putLongRelease(base + RingDescriptor.HEAD_OFFSET, released);
        }
    }

    /** Messages that found no room since this was last asked. */
    long takeDrops() {
        final long now = Memory.getLongAcquire(base + RingDescriptor.DROPS_OFFSET);
        final long delta = now - drops;
        drops = now;
        // The word is its writer's, who may write anything: no sender loses this many between two looks.
        return delta > 0 && delta < MAX_DROPS_PER_LOOK ? delta : 0;
    }

    /** Whether it may go: it is garbage, or its writer is dead and all it published has been read. */
    boolean isDone() {
        return corrupt || sender.isDead() && !hasPending();
    }

    /** Unmaps it and takes it off the file system; the writer, if it lives, finds an impossible head. */
    void close() {
        Memory.putLongRelease(base + RingDescriptor.HEAD_OFFSET, RingDescriptor.POISON);
        mapping.unmap();
        Posix.unlink(path);
    }
}
