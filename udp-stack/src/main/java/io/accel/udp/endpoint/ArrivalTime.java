package io.accel.udp.endpoint;

import io.accel.core.vi.EventBatch;

/** When a NIC received a frame, by its own clock, and the state of that clock. Whoever made one writes and reads it. */
public final class ArrivalTime {
    private long nanos;
    private int clock;

    /** @param batch with an event of a frame, whose timestamp may be absent */
    public void set(EventBatch batch, int event) {
        set(batch.timestamp(event), batch.clock(event));
    }

    /** @param clock as {@link EventBatch#clock} has it; 0: there is no time */
    void set(long nanosSinceEpoch, int clockState) {
        nanos = nanosSinceEpoch;
        clock = clockState;
    }

    /** @param other or null: none */
    public void set(ArrivalTime other) {
        if (other == null || other.clock == 0) {
            clock = 0;
        } else {
            set(other.nanos, other.clock);
        }
    }

    public void clear() {
        clock = 0;
    }

    public boolean isPresent() {
        return clock != 0;
    }

    /** Nanoseconds since 1970-01-01 UTC, where present. */
    public long nanos() {
        return nanos;
    }

    /** As {@link EventBatch#clock} has it. */
    public int clock() {
        return clock;
    }
}
