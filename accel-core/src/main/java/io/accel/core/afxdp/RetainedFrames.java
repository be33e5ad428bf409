package io.accel.core.afxdp;

import io.accel.core.memory.FramePool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Frames that the caller keeps past release, on their way back from any thread to the receive side. A stack whose links are in an array by
 * frame number, so it never fills; its owner takes all at once, so no entry is popped alone and ABA cannot happen.
 */
final class RetainedFrames {
    private static final int END = -1;
    private static final int NOT_RETAINED = -2;
    private static final int RETAINED = -3;

    /** Per frame: one of the above, or the next frame of the stack. */
    private final AtomicIntegerArray links;
    private final AtomicInteger head = new AtomicInteger(END);
    private final AtomicInteger bad = new AtomicInteger();
    private int count;

    RetainedFrames(int frames) {
        links = new AtomicIntegerArray(frames);
        for (int i = 0; i < frames; i++) {
            links.set(i, NOT_RETAINED);
        }
    }

    /** The owner's: the caller keeps this frame. */
    void retain(long token) {
        links.set((int) (token / FramePool.FRAME_BYTES), RETAINED);
        count++;
    }

    /** Any thread. A token which is no retained frame's, or was given back before, is counted and ignored. */
    void release(long token) {
        final long frame = token / FramePool.FRAME_BYTES;
        if (token < 0 || frame >= links.length() || !links.compareAndSet((int) frame, RETAINED, END)) {
            bad.incrementAndGet();
            return;
        }
        int next;
        do {
            next = head.get();
            links.set((int) frame, next);
        } while (!head.compareAndSet(next, (int) frame));
    }

    /** The owner's: what has come back goes into the pool; whether there was any. */
    boolean drainTo(FramePool pool) {
        if (head.getPlain() == END) {
            return false;
        }
        int frame = head.getAndSet(END);
        while (frame != END) {
            final int next = links.get(frame);
            links.set(frame, NOT_RETAINED);
            pool.give(frame * FramePool.FRAME_BYTES);
            count--;
            frame = next;
        }
        return true;
    }

    /** The owner's: frames that have not come back. */
    int count() {
        return count;
    }

    /** Tokens that were refused. */
    int badTokens() {
        return bad.get();
    }
}
