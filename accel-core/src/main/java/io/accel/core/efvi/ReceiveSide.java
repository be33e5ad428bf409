package io.accel.core.efvi;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.memory.RetainedFrames;
import io.accel.core.natives.Posix;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Receiver;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receive side of a VI. What is released is written into an array that the next native call takes over, so that a burst costs one call.
 * One owner thread; retained frames come back from any.
 *
 * <p>On EF10 frames lie in our buffers, and some may be retained. On EFCT they are lent by the library, whose superbufs are held up by each
 * one that is kept: none may be retained.
 */
final class ReceiveSide implements Receiver {
    /** Packets that EFCT may lend to batches under way. */
    static final int MOST_LENT = 8192;

    private final NicFacts facts;
    private final SideLock lock;
    private final long side;
    private final long givenBack;
    private final boolean lends;
    private final int maxRetained;
    /** The first of the buffers that circulate here. */
    private final int firstFrame;
    private final RetainedFrames retained;
    private final AtomicInteger badTokens = new AtomicInteger();
    private int givenBackCount;
    private long calls;
    private volatile MemoryRegion[] memory;
    private volatile int memoryVersion;
    private boolean closed;

    /** @param frames buffers that circulate here, from {@code firstFrame} on */
    ReceiveSide(NicFacts facts, SideLock lock, MemoryRegion buffers, int firstFrame, int frames) {
        this.facts = facts;
        this.lock = lock;
        side = facts.receive();
        givenBack = facts.givenBack();
        lends = facts.lends();
        maxRetained = lends ? 0 : frames / 4;
        this.firstFrame = firstFrame;
        retained = new RetainedFrames(lends ? 1 : frames);
        memory = new MemoryRegion[] {buffers};
    }

    int maxRetained() {
        return maxRetained;
    }

    @Override
    public int retainable() {
        return maxRetained - retained.kept();
    }

    @Override
    public MemoryRegion[] memory() {
        return memory;
    }

    @Override
    public int memoryVersion() {
        return memoryVersion;
    }

    @Override
    public int poll(EventBatch events, int limit) {
        drainReturned();
        final int most = Math.min(limit, events.capacity());
        lock.lock();
        int n = 0;
        try {
            checkOpen();
            n = EfviNative.poll(side, events.address(), most, givenBackCount);
            givenBackCount = 0;
            calls++;
        } finally {
            lock.unlock();
        }
        events.count(n);
        if (lends) {
            addWindows();
        } else {
            lend(events, n);
        }
        return n;
    }

    /** A token names the buffer among those of this side, and the turn in which it was polled: one given back twice is found. */
    private void lend(EventBatch events, int n) {
        for (int i = 0; i < n; i++) {
            final long at = events.recordAddress(i);
            if (Memory.getLong(at + EventBatch.ADDRESS_OFFSET) != 0) {
                final long token = at + EventBatch.TOKEN_OFFSET;
                Memory.putLong(token, retained.lend((int) Memory.getLong(token) - firstFrame));
            }
        }
    }

    /** Makes regions of the pieces of the library's memory that packets have been seen in for the first time. */
    private void addWindows() {
        int known = memory.length - 1;
        long window = Memory.getLong(facts.windows() + ((long) known << 3));
        while (window != 0) {
            final int bytes = 1 << Layout.WINDOW_BITS;
            final MemoryRegion[] more = Arrays.copyOf(memory, known + 2);
            more[known + 1] = new MemoryRegion(known + 1, window, bytes, Posix.wrap(window, bytes));
            memory = more;
            memoryVersion++;
            known++;
            window = Memory.getLong(facts.windows() + ((long) known << 3));
        }
    }

    @Override
    public void release(EventBatch events) {
        final int n = events.count();
        for (int i = 0; i < n; i++) {
            final byte type = events.type(i);
            if ((type == EventType.RX || type == EventType.RX_DISCARD) && events.frame(i) != 0) {
                final long token = events.token(i);
                if (lends || !events.isRetained(i) || !retained.keep(token)) {
                    give(lends ? (int) token : firstFrame + (int) token);
                }
            }
        }
        events.count(0);
    }

    private void give(int frame) {
        Memory.putInt(givenBack + ((long) givenBackCount++ << 2), frame);
    }

    private void drainReturned() {
        int frame = retained.drain();
        while (frame >= 0) {
            final int next = retained.next(frame);
            give(firstFrame + frame);
            frame = next;
        }
    }

    /** What is given back goes with it, so that nothing is held while the owner sleeps. */
    @Override
    public boolean prime() {
        drainReturned();
        lock.lock();
        try {
            checkOpen();
            final int result = EfviNative.prime(side, givenBackCount);
            givenBackCount = 0;
            // A wake-up that cannot be armed must not be slept on.
            return result != 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void releaseRetained(long token) {
        if (!retained.giveBack(token)) {
            badTokens.incrementAndGet();
        }
    }

    int badTokens() {
        return badTokens.get();
    }

    int retainedFrames() {
        return retained.kept();
    }

    /** Buffers that are with nobody: fewer than the NIC takes at once, or more than it has descriptors for. */
    int spareFrames() {
        return Memory.getInt(side + Layout.FREE_COUNT);
    }

    /** One of the C side's counters. Any thread, until the VI is closed. */
    long counter(int index) {
        return Memory.getLongVolatile(facts.receiveCounters() + ((long) index << 3));
    }

    /** Native calls made to receive. */
    long calls() {
        return calls;
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

    /** After {@link #close}. @param freeMemory runs when nobody keeps a frame any more, maybe at once */
    void leaveMemory(Runnable freeMemory) {
        retained.close(freeMemory);
    }
}
