package io.accel.udp.endpoint;

import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;

/**
 * The {@link LentFrame} objects of an endpoint, whose number bounds the frames that it lends. Those that are out are known to their holders
 * alone, so that one whose holder forgets it is garbage, and a leak detector sees that. Any thread.
 */
final class LentFramePool {
    /** More than any interface may lend. */
    private static final int MAX = 1 << 16;

    private final ManyToManyConcurrentArrayQueue<LentFrame> idle;
    private final AtomicInteger unmade;

    /** @param wanted 1 or more */
    LentFramePool(int wanted) {
        final int most = Math.min(wanted, MAX);
        idle = new ManyToManyConcurrentArrayQueue<>(Math.max(most, 2));
        unmade = new AtomicInteger(most);
    }

    /** Null: all are out. */
    LentFrame take() {
        final LentFrame frame = idle.poll();
        return frame == null && unmade.get() > 0 && unmade.getAndDecrement() > 0 ? new LentFrame(this) : frame;
    }

    /** There is room for all that were made, but the queue says that there is none while a taker stands between its two steps. */
    void give(LentFrame frame) {
        while (!idle.offer(frame)) {
            Thread.yield();
        }
    }
}
