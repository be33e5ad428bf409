package io.accel.core.afxdp;

import io.accel.core.memory.FramePool;
import io.accel.core.memory.Memory;
import io.accel.core.memory.RetainedFrames;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The receive side of a VI: its queues, and the buffers which circulate between them and the caller. One owner thread. */
final class ReceiveSide {
    private final ReceiveQueue[] queues;
    private final int[] sockets;
    private final FramePool pool;
    private final RetainedFrames retained;
    private final int maxRetained;
    private final long kickList;
    private int first;
    private long kicks;
    private final AtomicInteger badTokens = new AtomicInteger();

    /** Uses frames 0 to {@code frames - 1}; a quarter may be retained, the kernel holds the rest, or as many as its rings take. */
    ReceiveSide(List<Xsk> sockets, Umem umem, int frames, int ringSize) {
        pool = new FramePool(0, frames);
        retained = new RetainedFrames(frames);
        maxRetained = frames / 4;
        kickList = Memory.allocateAligned((long) sockets.size() * Integer.BYTES, Long.BYTES);
        final int perQueue = Math.min(ringSize, (frames - maxRetained) / sockets.size());
        this.sockets = sockets.stream().mapToInt(Xsk::fd).toArray();
        queues = sockets.stream().map(socket -> new ReceiveQueue(socket, umem.address(), retained, ringSize, perQueue))
            .toArray(ReceiveQueue[]::new);
        refill();
    }

    int maxRetained() {
        return maxRetained;
    }

    int retainable() {
        return maxRetained - retained.kept();
    }

    /** Fills the batch from the queues in turn, beginning with another one each time. */
    int poll(EventBatch events, int limit) {
        if (drainReturned()) {
            refill();
        }
        final int most = Math.min(limit, events.capacity());
        int n = 0;
        if (queues.length == 1) {
            n = queues[0].poll(events, 0, most);
        } else {
            first = first + 1 < queues.length ? first + 1 : 0;
            for (int i = 0; i < queues.length && n < most; i++) {
                final int q = first + i;
                n += queues[q < queues.length ? q : q - queues.length].poll(events, n, most - n);
            }
        }
        events.count(n);
        return n;
    }

    void release(EventBatch events) {
        final int n = events.count();
        for (int i = 0; i < n; i++) {
            if (events.type(i) != EventType.RX) {
                continue;
            }
            final long token = events.token(i);
            if (!events.isRetained(i) || !retained.keep(token)) {
                give((int) token);
            }
        }
        events.count(0);
        drainReturned();
        refill();
    }

    /** @param frame its number, which a token holds in its lower half */
    private void give(int frame) {
        pool.give(frame * FramePool.FRAME_BYTES);
    }

    private boolean drainReturned() {
        int frame = retained.drain();
        if (frame < 0) {
            return false;
        }
        while (frame >= 0) {
            final int next = retained.next(frame);
            give(frame);
            frame = next;
        }
        return true;
    }

    private void refill() {
        int toKick = 0;
        for (int i = 0; i < queues.length; i++) {
            final ReceiveQueue queue = queues[i];
            if (queue.missing() != 0 && queue.refill(pool)) {
                Memory.putInt(kickList + (long) toKick++ * Integer.BYTES, sockets[i]);
            }
        }
        if (toKick != 0) {
            kicks++;
            AfXdpNative.kickRx(kickList, toKick);
        }
    }

    boolean isEmpty() {
        for (final ReceiveQueue queue : queues) {
            if (!queue.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Any thread. */
    void releaseRetained(long token) {
        if (!retained.giveBack(token)) {
            badTokens.incrementAndGet();
        }
    }

    /** How full the rings are. Any thread, while they are mapped. */
    void levels(Map<String, Long> to) {
        long waiting = 0;
        long posted = 0;
        for (final ReceiveQueue queue : queues) {
            waiting += queue.waiting();
            posted += queue.posted();
        }
        to.put("rx", waiting);
        to.put("posted", posted);
        to.put("retained", (long) retained.kept());
        to.put("spare", (long) spareFrames());
    }

    /** Native calls made by this side. */
    long kicks() {
        return kicks;
    }

    /** Frames that neither the kernel nor the caller holds. */
    int spareFrames() {
        return pool.available();
    }

    /** Frames that the kernel should hold and does not. */
    int missingFrames() {
        int missing = 0;
        for (final ReceiveQueue queue : queues) {
            missing += queue.missing();
        }
        return missing;
    }

    int retainedFrames() {
        return retained.kept();
    }

    /** Retained-frame tokens that were no such thing. */
    int badTokens() {
        return badTokens.get();
    }

    /** @param freeMemory runs when nobody keeps a frame any more, maybe at once */
    void close(Runnable freeMemory) {
        Memory.freeAligned(kickList);
        retained.close(freeMemory);
    }
}
