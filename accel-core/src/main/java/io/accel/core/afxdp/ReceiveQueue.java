package io.accel.core.afxdp;

import io.accel.core.memory.FramePool;
import io.accel.core.memory.Memory;
import io.accel.core.memory.RetainedFrames;
import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.EventBatch;

/**
 * The RX and fill rings of one socket. The kernel produces into the first and consumes the second; each index is written by one side
 * only, free-running, with release, and read by the other with acquire (include/uapi/linux/if_xdp.h, net/xdp/xsk_queue.h).
 */
final class ReceiveQueue {
    private final int queue;
    private final long umem;
    private final RetainedFrames retained;

    private final long rxProducer;
    private final long rxConsumer;
    private final long rxEntries;
    private final long fillProducer;
    private final long fillConsumer;
    private final long fillFlags;
    private final long fillEntries;
    private final int mask;

    private int consumed;
    private int filled;
    /** Frames that the kernel should have and has not. */
    private int missing;

    /** @param frames how many the kernel holds when all is well, no more than the ring's size */
    ReceiveQueue(Xsk socket, long umem, RetainedFrames retained, int ringSize, int frames) {
        this.queue = socket.queue();
        this.umem = umem;
        this.retained = retained;
        final long rx = socket.ring(Layout.XSK_RX);
        rxProducer = Memory.getLong(rx + Layout.RING_PRODUCER);
        rxConsumer = Memory.getLong(rx + Layout.RING_CONSUMER);
        rxEntries = Memory.getLong(rx + Layout.RING_ENTRIES);
        final long fill = socket.ring(Layout.XSK_FILL);
        fillProducer = Memory.getLong(fill + Layout.RING_PRODUCER);
        fillConsumer = Memory.getLong(fill + Layout.RING_CONSUMER);
        fillFlags = Memory.getLong(fill + Layout.RING_FLAGS);
        fillEntries = Memory.getLong(fill + Layout.RING_ENTRIES);
        mask = ringSize - 1;
        missing = frames;
    }

    boolean isEmpty() {
        return Memory.getIntAcquire(rxProducer) == consumed;
    }

    /** Writes up to {@code limit} events from record {@code first} on; their descriptors go back to the kernel at once. */
    int poll(EventBatch events, int first, int limit) {
        final int from = consumed;
        final int n = Math.min(Memory.getIntAcquire(rxProducer) - from, limit);
        if (n <= 0) {
            return 0;
        }
        for (int i = 0; i < n; i++) {
            final long desc = rxEntries + (long) (from + i & mask) * Layout.DESC_BYTES;
            final long offset = Memory.getLong(desc + Layout.DESC_ADDRESS);
            // The kernel leaves headroom before the frame, so the buffer is the one that the frame lies in.
            final long token = retained.lend((int) (offset / FramePool.FRAME_BYTES));
            events.putRx(first + i, umem + offset, Memory.getInt(desc + Layout.DESC_LENGTH), 0, token, 0, queue, ChecksumStatus.PARTIAL);
        }
        consumed = from + n;
        Memory.putIntRelease(rxConsumer, from + n);
        missing += n;
        return n;
    }

    /** Any thread: frames that wait for a poll. */
    int waiting() {
        return Math.max(Memory.getIntAcquire(rxProducer) - Memory.getIntAcquire(rxConsumer), 0);
    }

    /** Any thread: buffers that wait for frames. */
    int posted() {
        return Math.max(Memory.getIntAcquire(fillProducer) - Memory.getIntAcquire(fillConsumer), 0);
    }

    int missing() {
        return missing;
    }

    /** Gives the kernel what it misses, as far as there is. Whether its driver has to be told. */
    boolean refill(FramePool pool) {
        final int n = Math.min(missing, pool.available());
        if (n == 0) {
            return false;
        }
        final int from = filled;
        for (int i = 0; i < n; i++) {
            Memory.putLong(fillEntries + (long) (from + i & mask) * Long.BYTES, pool.take());
        }
        filled = from + n;
        Memory.putIntRelease(fillProducer, from + n);
        missing -= n;
        return (Memory.getIntVolatile(fillFlags) & Layout.RING_NEED_WAKEUP) != 0;
    }
}
