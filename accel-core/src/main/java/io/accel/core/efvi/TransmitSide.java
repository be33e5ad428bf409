package io.accel.core.efvi;

import io.accel.core.memory.FramePool;
import io.accel.core.memory.Memory;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;

/**
 * The send side of a VI. Claims are written into an array that one native call submits; the same call tells which buffers have been sent.
 * One owner thread. Nothing ever waits for a doorbell: it costs less than to remember it.
 */
final class TransmitSide {
    private final SideLock lock;
    private final long side;
    private final long memory;
    private final long sends;
    private final long done;
    private final int capacity;
    private final FramePool pool;
    private final int[] claims;
    private int claimed;
    private int inited;
    /** Buffers that the NIC has. */
    private int submitted;
    private long refused;
    private long calls;
    private boolean closed;

    /** Uses the buffers from {@code firstFrame} on. */
    TransmitSide(NicFacts facts, SideLock lock, int firstFrame, int frames) {
        this.lock = lock;
        side = facts.transmit();
        memory = facts.memory();
        sends = facts.sends();
        done = facts.done();
        capacity = facts.transmitCapacity();
        pool = new FramePool(firstFrame, frames);
        claims = new int[frames];
    }

    int space() {
        if (free() < capacity / 4 && submitted != 0) {
            reap();
        }
        return free();
    }

    private int free() {
        return Math.min(pool.available(), capacity - submitted - inited - claimed);
    }

    long claim(int length) {
        if (length > FramePool.FRAME_BYTES || free() <= 0 && space() <= 0) {
            refused++;
            return VirtualInterface.NONE;
        }
        final int offset = pool.take();
        claims[claimed++] = offset;
        return memory + offset;
    }

    void init(long address, int length, int flags) {
        final int offset = (int) (address - memory);
        int i = claimed - 1;
        while (i >= 0 && claims[i] != offset) {
            i--;
        }
        if (i < 0 || length < 0 || length > FramePool.FRAME_BYTES) {
            throw new IllegalArgumentException("no claimed frame of " + length + " bytes at " + address);
        }
        claims[i] = claims[--claimed];
        final long send = sends + (long) inited++ * Layout.SEND_BYTES;
        Memory.putInt(send + Layout.SEND_BUFFER, offset / FramePool.FRAME_BYTES);
        Memory.putShort(send + Layout.SEND_LENGTH, (short) length);
        Memory.putShort(send + Layout.SEND_MORE, (short) (flags & TxFlags.CONT));
    }

    void undo() {
        while (inited != 0) {
            giveInited(--inited);
        }
        while (claimed != 0) {
            pool.give(claims[--claimed]);
        }
    }

    private void giveInited(int index) {
        pool.give(Memory.getInt(sends + (long) index * Layout.SEND_BYTES + Layout.SEND_BUFFER) * FramePool.FRAME_BYTES);
    }

    /** 0, or -ENETRESET after a reset: the frames are lost, and counted as refused. */
    int push() {
        if (inited == 0) {
            return 0;
        }
        final long result;
        lock.lock();
        try {
            checkOpen();
            result = EfviNative.submit(side, inited);
            calls++;
        } finally {
            lock.unlock();
        }
        final int error = (int) result;
        if (error == 0) {
            submitted += inited;
            inited = 0;
        } else {
            refused += inited;
            while (inited != 0) {
                giveInited(--inited);
            }
        }
        recycle((int) (result >>> 32));
        return error;
    }

    private void reap() {
        final int n;
        lock.lock();
        try {
            checkOpen();
            n = EfviNative.reap(side);
            calls++;
        } finally {
            lock.unlock();
        }
        recycle(n);
    }

    private void recycle(int n) {
        for (int i = 0; i < n; i++) {
            pool.give(Memory.getInt(done + ((long) i << 2)) * FramePool.FRAME_BYTES);
        }
        submitted -= n;
    }

    /** Claims that were refused, and frames that a VI could not take which had been reset. */
    long refused() {
        return refused;
    }

    /** Native calls made to send. */
    long calls() {
        return calls;
    }

    /** Frames that are neither claimed nor with the NIC. */
    int freeFrames() {
        reap();
        return spareFrames();
    }

    /** Frames that nobody holds, as far as completions have been looked at. Any thread. */
    int spareFrames() {
        return pool.available();
    }

    int frames() {
        return pool.capacity();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the VI is closed");
        }
    }

    /** Under the lock: nothing native is called any more. */
    void close() {
        closed = true;
    }
}
