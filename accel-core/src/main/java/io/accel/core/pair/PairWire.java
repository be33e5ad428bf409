package io.accel.core.pair;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;

/**
 * One direction of a pair: the buffers, a ring of descriptors from sender to receiver, and a ring of free buffers back. Both rings hold
 * as many entries as there are buffers, so neither can overrun; the receive ring's bound is kept with {@link #RELEASED}.
 *
 * <pre>
 * descriptor i64: 0-30 buffer | 31 CONT | 32-62 length
 * </pre>
 */
final class PairWire {
    /** Descriptors that the receiver may read; written by the sender (or whoever flushes). */
    static final int TAIL = 0;
    /** Descriptors written and left pending; written by the sender. */
    static final int READY = 64;
    /** Descriptors whose buffers are back in the receive ring or replaced by others; written by the receiver. */
    static final int RELEASED = 192;
    /** Entries of the free ring; written by the receiver. */
    static final int FREE_TAIL = 200;
    /** 1 while the receiver wants to be woken. */
    static final int ARMED = 320;
    private static final int CONTROL_BYTES = 384;

    static final long CONT_BIT = 1L << 31;
    private static final long BUFFER_BITS = CONT_BIT - 1;

    final int buffers;
    final int frameShift;
    final int ring;
    final WakeDescriptor wake;
    final MemoryRegion frames;
    /** Which side of it a VI has decides the id: 0 for what it sends, 1 for what it receives. */
    final MemoryRegion framesOfReceiver;
    final long control;
    private final MemoryRegion words;
    private final long descriptors;
    private final long free;
    private final int mask;
    volatile boolean receiverClosed;
    volatile boolean senderClosed;

    PairWire(PairOptions options) {
        ring = options.ring();
        buffers = ring + options.txFrames() + options.maxRetained();
        frameShift = Integer.numberOfTrailingZeros(options.frameBytes());
        frames = MemoryRegion.allocate(0, buffers << frameShift);
        framesOfReceiver = new MemoryRegion(1, frames.address(), frames.length(), frames.buffer());
        final int capacity = Integer.highestOneBit(buffers) << 1;
        mask = capacity - 1;
        words = MemoryRegion.allocate(0, CONTROL_BYTES + 2 * capacity * Long.BYTES);
        control = words.address();
        descriptors = control + CONTROL_BYTES;
        free = descriptors + (long) capacity * Long.BYTES;
        wake = options.wakeable() ? new WakeDescriptor() : null;
    }

    long addressOf(int buffer) {
        return frames.address() + ((long) buffer << frameShift);
    }

    int bufferAt(long address) {
        return (int) (address - frames.address() >>> frameShift);
    }

    long descriptor(long cursor) {
        return Memory.getLong(descriptors + ((cursor & mask) << 3));
    }

    void descriptor(long cursor, long value) {
        Memory.putLong(descriptors + ((cursor & mask) << 3), value);
    }

    int free(long cursor) {
        return (int) Memory.getLong(free + ((cursor & mask) << 3));
    }

    void free(long cursor, int buffer) {
        Memory.putLong(free + ((cursor & mask) << 3), buffer);
    }

    static int buffer(long descriptor) {
        return (int) (descriptor & BUFFER_BITS);
    }

    static int length(long descriptor) {
        return (int) (descriptor >>> 32);
    }

    static boolean isContinued(long descriptor) {
        return (descriptor & CONT_BIT) != 0;
    }
}
