package io.accel.udp.tap;

import io.accel.core.capture.CaptureRing;
import io.accel.core.capture.CaptureWriter;
import io.accel.core.vi.Medium;
import java.time.Instant;

/**
 * Takes copies of packets for a tool, while one asks for them. Whoever has packets asks {@link #current()}, once for a burst, and does
 * nothing more where it is null; otherwise its {@link TapPoint} has a writer. Any thread, none of which ever waits.
 */
public final class FrameTap {
    private static final long NANOS = 1_000_000_000L;
    /** The clock of stamps may go another way than the system's by so much, before it is set anew. */
    private static final long CLOCK_TOLERANCE = 1_000_000;

    private static volatile FrameTap current;

    private final CaptureRing ring;
    private final int messages;
    private final CaptureWriter kernel;
    private volatile long epoch;

    FrameTap(CaptureRing ring) {
        this.ring = ring;
        messages = ring.lane(Medium.MESSAGE, "lo", "shm, shared memory");
        kernel = ring.sharedWriter(ring.lane(Medium.MESSAGE, "kernel", "what channels handed to the kernel, without payload"));
        setClock();
    }

    /** The one that is on; null: nobody captures. One read. */
    public static FrameTap current() {
        return current;
    }

    /** @param tap or null: off */
    static void current(FrameTap tap) {
        current = tap;
    }

    /** Follows the system's clock when it was set. Stamps are of a monotonic one, so that a read is cheap and they never go back. */
    void setClock() {
        final Instant now = Instant.now();
        final long offset = now.getEpochSecond() * NANOS + now.getNano() - System.nanoTime();
        if (Math.abs(offset - epoch) > CLOCK_TOLERANCE) {
            epoch = offset;
        }
    }

    /** Nanoseconds since 1970. */
    public long now() {
        return System.nanoTime() + epoch;
    }

    /** The lane of messages between processes of this host. */
    public int messages() {
        return messages;
    }

    /** The lane of an Ethernet interface; slow. */
    public int ethernet(String name, String description) {
        return ring.lane(Medium.ETHERNET, name, description);
    }

    /** For what the kernel got to send; any thread's, since the kernel takes far longer than it. */
    public CaptureWriter kernel() {
        return kernel;
    }

    CaptureRing ring() {
        return ring;
    }
}
