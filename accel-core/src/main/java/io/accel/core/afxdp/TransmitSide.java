package io.accel.core.afxdp;

import io.accel.core.memory.FramePool;
import io.accel.core.memory.Memory;
import io.accel.core.vi.VirtualInterface;

import java.util.Map;

/**
 * The send side of a VI: the TX and completion rings of its first queue, whose buffers circulate between caller, kernel and pool. One
 * owner thread; {@link #flush} is for any.
 */
final class TransmitSide implements AutoCloseable {
    /** Frames which a push with {@code more} lets wait at most: what one sendto sends (net/xdp/xsk.c, TX_BATCH_SIZE). */
    static final int MAX_POSTPONED = 32;

    private static final int KICKS = 0;
    private static final int DROPPED = Long.BYTES;

    private final long socket;
    private final long umem;
    private final int ringSize;
    private final FramePool pool;
    private final long txProducer;
    private final long txConsumer;
    private final long txFlags;
    private final long txEntries;
    private final long completionProducer;
    private final long completionConsumer;
    private final long completionEntries;
    private final long counters = Memory.allocateAligned(2 * Long.BYTES, 64);

    private final int[] claims;
    private int claimed;
    private int published;
    private int inited;
    private int sent;
    private int recycled;
    private long refused;
    /** Whether a published frame waits for a kick; a hint for {@link #flush}, which must not touch a ring when there is nothing to do. */
    private volatile boolean waiting;
    private boolean closed;

    /** Uses the frames from {@code firstFrame} on. */
    TransmitSide(Xsk socket, Umem umem, int firstFrame, int ringSize) {
        this.socket = socket.struct();
        this.umem = umem.address();
        this.ringSize = ringSize;
        pool = new FramePool(firstFrame, umem.frames() - firstFrame);
        claims = new int[pool.capacity()];
        final long tx = socket.ring(Layout.XSK_TX);
        txProducer = Memory.getLong(tx + Layout.RING_PRODUCER);
        txConsumer = Memory.getLong(tx + Layout.RING_CONSUMER);
        txFlags = Memory.getLong(tx + Layout.RING_FLAGS);
        txEntries = Memory.getLong(tx + Layout.RING_ENTRIES);
        final long completion = socket.ring(Layout.XSK_COMPLETION);
        completionProducer = Memory.getLong(completion + Layout.RING_PRODUCER);
        completionConsumer = Memory.getLong(completion + Layout.RING_CONSUMER);
        completionEntries = Memory.getLong(completion + Layout.RING_ENTRIES);
    }

    int space() {
        recycle();
        sent = Memory.getIntAcquire(txConsumer);
        return Math.min(pool.available(), ringSize - (inited - sent) - claimed);
    }

    long claim(int length) {
        if (published == inited && claimed == 0) {
            recycle();
        }
        if (length > FramePool.FRAME_BYTES || inited - sent + claimed >= ringSize || pool.available() == 0) {
            if (length > FramePool.FRAME_BYTES || space() <= 0) {
                refused++;
                return VirtualInterface.NONE;
            }
        }
        final int offset = pool.take();
        claims[claimed++] = offset;
        return umem + offset;
    }

    void init(long address, int length) {
        final int offset = (int) (address - umem);
        int i = claimed - 1;
        while (i >= 0 && claims[i] != offset) {
            i--;
        }
        if (i < 0 || length < 0 || length > FramePool.FRAME_BYTES) {
            throw new IllegalArgumentException("no claimed frame of " + length + " bytes at " + address);
        }
        claims[i] = claims[--claimed];
        final long desc = entry(inited++);
        Memory.putLong(desc + Layout.DESC_ADDRESS, offset);
        Memory.putInt(desc + Layout.DESC_LENGTH, length);
        Memory.putInt(desc + Layout.DESC_OPTIONS, 0);
    }

    void undo() {
        while (inited != published) {
            pool.give((int) Memory.getLong(entry(--inited) + Layout.DESC_ADDRESS));
        }
        while (claimed != 0) {
            pool.give(claims[--claimed]);
        }
    }

    int push(boolean more) {
        if (inited != published) {
            published = inited;
            Memory.putIntRelease(txProducer, published);
        }
        final int pending = pending();
        if (pending == 0 || more && pending < MAX_POSTPONED) {
            if (pending != 0 && !waiting) {
                waiting = true;
            }
            return pending;
        }
        final int error = AfXdpNative.kickTx(socket, counters);
        final int left = pending();
        if (waiting != (left != 0)) {
            waiting = left != 0;
        }
        return error == 0 ? left : error;
    }

    /** Published frames of which the kernel does not know: it takes a ring without the flag to its end by itself. */
    private int pending() {
        return (Memory.getIntVolatile(txFlags) & Layout.RING_NEED_WAKEUP) == 0 ? 0
            : Memory.getInt(txProducer) - Memory.getIntAcquire(txConsumer);
    }

    /** Any thread; serialised with {@link #close}, since the rings are unmapped there. */
    void flush() {
        if (waiting) {
            kickWaiting();
        }
    }

    private synchronized void kickWaiting() {
        if (closed) {
            return;
        }
        // Cleared before the ring is read: a push that comes now sets it again.
        waiting = false;
        Memory.fullFence();
        if (pending() != 0 && AfXdpNative.kickTx(socket, counters) == 0 && pending() != 0) {
            waiting = true;
        }
    }

    /** Takes back what the kernel has sent. Run by the send side itself: a full completion ring would stop sends for ever. */
    private void recycle() {
        final int from = recycled;
        final int n = Memory.getIntAcquire(completionProducer) - from;
        if (n == 0) {
            return;
        }
        for (int i = 0; i < n; i++) {
            pool.give((int) Memory.getLong(completionEntries + (long) (from + i & ringSize - 1) * Long.BYTES));
        }
        recycled = from + n;
        Memory.putIntRelease(completionConsumer, from + n);
    }

    private long entry(int index) {
        return txEntries + (long) (index & ringSize - 1) * Layout.DESC_BYTES;
    }

    /** Claims that were refused: no free frame, no room in the ring, or too long. */
    long refused() {
        return refused;
    }

    /** How full the rings are. Any thread, while they are mapped. */
    void levels(Map<String, Long> to) {
        to.put("tx", (long) Math.max(Memory.getIntAcquire(txProducer) - Memory.getIntAcquire(txConsumer), 0));
        to.put("tx completed", (long) Math.max(Memory.getIntAcquire(completionProducer) - Memory.getIntAcquire(completionConsumer), 0));
        to.put("tx spare", (long) pool.available());
        to.put("ring", (long) ringSize);
    }

    /** Native calls made by this side. */
    long kicks() {
        return closed ? 0 : Memory.getLongVolatile(counters + KICKS);
    }

    /** Frames that the device dropped as they were sent. */
    long dropped() {
        return closed ? 0 : Memory.getLongVolatile(counters + DROPPED);
    }

    /** Frames that are neither claimed nor in a ring. */
    int freeFrames() {
        recycle();
        return pool.available();
    }

    int frames() {
        return pool.capacity();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Memory.freeAligned(counters);
        }
    }
}
