package io.accel.core.pair;

import io.accel.core.memory.Memory;
import io.accel.core.memory.RetainedFrames;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The receive side of a pair's VI. Its owner thread only, but for {@link #giveBack}, {@link #inject} and {@link #wake}. */
final class PairReceiver {
    private static final int REGION = 1;

    private final PairWire wire;
    private final byte checksum;
    private final RetainedFrames retained;
    private final int maxRetained;
    private final ConcurrentLinkedQueue<Event> injected = new ConcurrentLinkedQueue<>();
    private volatile boolean hasInjected;

    private long head;
    private long tail;
    private long freeTail;
    private long released;
    private boolean startsFrame = true;
    private boolean armed;
    private boolean toldGone;

    private record Event(byte type, int detail) {
    }

    PairReceiver(PairWire wire, PairOptions options) {
        this.wire = wire;
        this.checksum = options.checksum();
        this.maxRetained = options.maxRetained();
        this.retained = new RetainedFrames(wire.buffers);
    }

    int poll(EventBatch events, int limit) {
        if (head == tail) {
            tail = Memory.getLongAcquire(wire.control + PairWire.TAIL);
            if (head == tail) {
                return pollOther(events, limit);
            }
        }
        if (armed) {
            armed = false;
            Memory.putIntVolatile(wire.control + PairWire.ARMED, 0);
        }
        final int count = (int) Math.min(tail - head, limit);
        for (int i = 0; i < count; i++) {
            final long descriptor = wire.descriptor(head + i);
            final int buffer = PairWire.buffer(descriptor);
            events.putRx(i, wire.addressOf(buffer), PairWire.length(descriptor), REGION, retained.lend(buffer), 0, 0, checksum);
            final boolean continued = PairWire.isContinued(descriptor);
            if (continued || !startsFrame) {
                final int flags = (startsFrame ? EventBatch.FLAG_SOP : 0) | (continued ? EventBatch.FLAG_CONT : 0);
                Memory.putByte(events.recordAddress(i) + EventBatch.FLAGS_OFFSET, (byte) flags);
                startsFrame = !continued;
            }
        }
        head += count;
        events.count(count);
        return count;
    }

    /** What is no frame comes after all frames. */
    private int pollOther(EventBatch events, int limit) {
        drainReturned();
        int count = 0;
        if (hasInjected && limit > 0) {
            hasInjected = false;
            for (Event e = injected.poll(); e != null; e = count < limit ? injected.poll() : null) {
                events.putEvent(count++, e.type(), 0, 0, e.detail());
            }
            hasInjected = !injected.isEmpty();
        }
        if (wire.senderClosed && !toldGone && count < limit && Memory.getLongAcquire(wire.control + PairWire.TAIL) == tail) {
            toldGone = true;
            events.putEvent(count++, EventType.GONE, 0, 0, 0);
        }
        events.count(count);
        return count;
    }

    void release(EventBatch events) {
        final int count = events.count();
        int frames = 0;
        for (int i = 0; i < count; i++) {
            if (events.type(i) == EventType.RX) {
                frames++;
                final long token = events.token(i);
                if (!events.isRetained(i) || !retained.keep(token)) {
                    wire.free(freeTail++, (int) token);
                }
            }
        }
        events.count(0);
        drainReturned();
        if (frames > 0) {
            released += frames;
            // Free buffers first: whoever sees room in the ring also finds a buffer for it.
            Memory.putLongRelease(wire.control + PairWire.FREE_TAIL, freeTail);
            Memory.putLongRelease(wire.control + PairWire.RELEASED, released);
        }
    }

    private void drainReturned() {
        int buffer = retained.drain();
        if (buffer < 0) {
            return;
        }
        while (buffer >= 0) {
            // The next is read before the buffer can be used again.
            final int next = retained.next(buffer);
            wire.free(freeTail++, buffer);
            buffer = next;
        }
        Memory.putLongRelease(wire.control + PairWire.FREE_TAIL, freeTail);
    }

    int retainable() {
        return maxRetained - retained.kept();
    }

    boolean prime() {
        if (wire.wake == null) {
            return isReady();
        }
        final boolean woken = wire.wake.clear();
        armed = true;
        Memory.putIntVolatile(wire.control + PairWire.ARMED, 1);
        return isReady() || woken;
    }

    private boolean isReady() {
        return Memory.getLongVolatile(wire.control + PairWire.TAIL) != head || hasInjected || wire.senderClosed && !toldGone;
    }

    boolean giveBack(long token) {
        return retained.giveBack(token);
    }

    void inject(byte type, int detail) {
        injected.add(new Event(type, detail));
        hasInjected = true;
        wake();
    }

    void wake() {
        if (wire.wake != null) {
            wire.wake.wake();
        }
    }
}
