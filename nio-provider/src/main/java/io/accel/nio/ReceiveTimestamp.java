package io.accel.nio;

import io.accel.core.vi.EventBatch;
import io.accel.udp.endpoint.ArrivalTime;
import java.time.Instant;

/** When a NIC received a datagram, and the state of its clock; made once and {@link TimestampedChannel filled in} again and again. */
public final class ReceiveTimestamp {
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final ArrivalTime arrival = new ArrivalTime();

    /** @param from or null: there is none */
    boolean set(ArrivalTime from) {
        arrival.set(from);
        return arrival.isPresent();
    }

    /** Whether there is one. */
    public boolean isPresent() {
        return arrival.isPresent();
    }

    /**
     * Nanoseconds since 1970-01-01 UTC by the NIC's clock: as right as that is set. A leap second is told twice.
     *
     * @throws IllegalStateException when there is none
     */
    public long epochNanos() {
        if (!arrival.isPresent()) {
            throw new IllegalStateException("the datagram has no timestamp");
        }
        return arrival.nanos();
    }

    /** Whether the NIC's clock has been set by the host at some time; a time without that starts anywhere. */
    public boolean isClockSet() {
        return (arrival.clock() & EventBatch.CLOCK_SET) != 0;
    }

    /** Whether the NIC's clock is in sync with an external one, by PTP for instance. */
    public boolean isClockInSync() {
        return (arrival.clock() & EventBatch.CLOCK_IN_SYNC) != 0;
    }

    /** The same as an object of its own. @throws IllegalStateException when there is none */
    public Instant toInstant() {
        final long nanos = epochNanos();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_A_SECOND), Math.floorMod(nanos, NANOS_A_SECOND));
    }

    @Override
    public String toString() {
        return isPresent() ? toInstant() + (isClockInSync() ? ", in sync" : isClockSet() ? ", set" : ", clock never set") : "none";
    }
}
