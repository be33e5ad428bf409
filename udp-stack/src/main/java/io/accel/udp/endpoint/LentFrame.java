package io.accel.udp.endpoint;

import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.Receiver;

/**
 * A datagram in the frame that it came in, which belongs to whoever has this until {@link #release}: the memory stays, also when endpoint,
 * interface and VI are closed. The object is used again then. One thread at a time.
 */
public final class LentFrame {
    private final LentFramePool pool;
    private Receiver receiver;
    private long token;
    private MemoryRegion region;
    private int offset;
    private int length;
    private Object attachment;

    LentFrame(LentFramePool pool) {
        this.pool = pool;
    }

    /**
     * Whoever polls: what it is over now.
     *
     * @param from   the receive side to which it goes back
     * @param ofRetained {@link io.accel.core.vi.EventBatch#token} of the frame's event
     * @param frames where the payload lies
     */
    public void set(Receiver from, long ofRetained, MemoryRegion frames, int start, int bytes) {
        receiver = from;
        token = ofRetained;
        region = frames;
        offset = start;
        length = bytes;
    }

    /** Where the payload lies, from {@link #offset()} on. */
    public MemoryRegion region() {
        return region;
    }

    public int offset() {
        return offset;
    }

    /** Bytes of payload. */
    public int length() {
        return length;
    }

    /** What the program interface keeps with this object, also while it is idle; null at first. */
    public Object attachment() {
        return attachment;
    }

    public void attachment(Object kept) {
        attachment = kept;
    }

    /** Gives the frame back, once. Any thread; afterwards this may be in another's hands. */
    public void release() {
        final Receiver from = receiver;
        forget();
        from.releaseRetained(token);
        pool.give(this);
    }

    /** An idle one is not to hold a VI that is closed. */
    void forget() {
        receiver = null;
        region = null;
    }
}
