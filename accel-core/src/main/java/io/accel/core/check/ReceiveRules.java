package io.accel.core.check;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Receiver;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Which frames are lent and which retained. Every method locks, since frames come back from any thread. */
final class ReceiveRules {
    private static final byte POISON = (byte) 0xDB;

    private final Receiver receiver;
    private final Violations violations;
    private final int maxRetained;
    private final Map<EventBatch, Integer> lent = new IdentityHashMap<>();
    /** Frames with the caller, those of lent batches and the retained ones: by token, or by address where nothing can be retained. */
    private final Map<Long, Frame> out = new HashMap<>();
    private int retained;

    private static final class Frame {
        final long address;
        final int length;
        boolean retained;
        boolean cameBack;

        Frame(long address, int length) {
            this.address = address;
            this.length = length;
        }

        void poison() {
            Memory.fill(address, length, POISON);
        }
    }

    ReceiveRules(Receiver receiver, int maxRetained, Violations violations) {
        this.receiver = receiver;
        this.violations = violations;
        this.maxRetained = maxRetained;
    }

    synchronized void beforePoll(EventBatch events, int limit) {
        if (limit < 1 || limit > events.capacity()) {
            throw violations.broken("poll takes a limit from 1 to the batch's capacity %d, not %d", events.capacity(), limit);
        }
        if (lent.containsKey(events)) {
            throw violations.broken("poll fills a batch that is empty or released; this one holds %d events", lent.get(events));
        }
    }

    synchronized void afterPoll(EventBatch events, int limit, int count) {
        if (count < 0 || count > limit || count != events.count()) {
            throw violations.broken("poll returns the events in the batch, at most the limit: %d, with limit %d and %d in the batch", count,
                limit, events.count());
        }
        if (count == 0) {
            return;
        }
        lent.put(events, count);
        for (int i = 0; i < count; i++) {
            if (events.type(i) == EventType.RX || events.type(i) == EventType.RX_DISCARD && events.frame(i) != 0) {
                lend(events, i);
            }
        }
    }

    private void lend(EventBatch events, int i) {
        final long address = events.frame(i);
        final int length = events.length(i);
        final MemoryRegion[] memory = receiver.memory();
        final int region = events.region(i);
        if (region < 0 || region >= memory.length || memory[region] == null || !memory[region].contains(address, length)) {
            throw violations.broken("a frame lies within its region: %d bytes at 0x%x, region %d of %d", length, address, region,
                memory.length);
        }
        if (out.putIfAbsent(key(events, i), new Frame(address, length)) != null) {
            throw violations.broken("a frame is lent once: token 0x%x is with the caller already", key(events, i));
        }
    }

    private long key(EventBatch events, int i) {
        return maxRetained == 0 ? events.frame(i) : events.token(i);
    }

    synchronized void beforeRelease(EventBatch events) {
        final Integer count = lent.remove(events);
        if (count == null) {
            if (events.count() != 0) {
                throw violations.broken("release takes a batch as poll filled it, once");
            }
            return;
        }
        if (events.count() != count) {
            throw violations.broken("release takes a batch as poll filled it: %d events, now %d", count, events.count());
        }
        for (int i = 0; i < count; i++) {
            if (events.type(i) == EventType.RX || events.type(i) == EventType.RX_DISCARD && events.frame(i) != 0) {
                release(events, i);
            }
        }
        if (retained > maxRetained) {
            throw violations.broken("at most %d frames are retained, not %d: past the bound the caller copies", maxRetained, retained);
        }
    }

    private void release(EventBatch events, int i) {
        final long token = key(events, i);
        final Frame frame = out.get(token);
        if (frame == null || frame.retained || frame.address != events.frame(i)) {
            throw violations.broken("release takes a batch as poll filled it: token 0x%x of event %d is not lent", token, i);
        }
        if (!events.isRetained(i)) {
            if (frame.cameBack) {
                throw violations.broken("releaseRetained takes retained frames only: token 0x%x was never retained", token);
            }
            frame.poison();
            out.remove(token);
        } else if (frame.cameBack) {
            out.remove(token);
        } else {
            frame.retained = true;
            retained++;
        }
    }

    synchronized void afterRelease(EventBatch events) {
        if (events.count() != 0) {
            throw violations.broken("release empties the batch; %d events are left", events.count());
        }
    }

    /** A frame may come back from a reader before the owner has released the batch it came in. */
    synchronized void beforeReleaseRetained(long token) {
        final Frame frame = out.get(token);
        if (frame == null || frame.cameBack) {
            throw violations.broken("releaseRetained takes a retained frame's token, once: 0x%x is not with the caller", token);
        }
        frame.poison();
        if (frame.retained) {
            out.remove(token);
            retained--;
        } else {
            frame.cameBack = true;
        }
    }

    synchronized int held() {
        return out.size();
    }

    /** The VI closes: what is retained may still be read and come back, what is lent is gone. */
    synchronized void forgetLent() {
        out.values().removeIf(frame -> !frame.retained);
        lent.clear();
    }
}
