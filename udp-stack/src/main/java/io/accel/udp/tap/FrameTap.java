package io.accel.udp.tap;

import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureRing;
import io.accel.core.vi.Medium;
import java.time.Instant;

/**
 * Takes copies of packets for a tool, while one asks for them. Whoever has packets asks {@link #current()}, once for a burst, and does
 * nothing more where it is null. Any thread, none of which ever waits.
 */
public final class FrameTap {
    private static final long NANOS = 1_000_000_000L;
    /** The clock of stamps may go another way than the system's by so much, before it is set anew. */
    private static final long CLOCK_TOLERANCE = 1_000_000;

    private static volatile FrameTap current;

    private final CaptureRing ring;
    private final int messages;
    private final int kernel;
    private volatile long epoch;

    FrameTap(CaptureRing ring) {
        this.ring = ring;
        messages = ring.lane(Medium.MESSAGE, "lo", "shm, shared memory");
        kernel = ring.lane(Medium.MESSAGE, "kernel", "what channels handed to the kernel, without payload");
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

    /** The lane of what the kernel got to send. */
    public int kernel() {
        return kernel;
    }

    /** The lane of an Ethernet interface; slow. */
    public int ethernet(String name, String description) {
        return ring.lane(Medium.ETHERNET, name, description);
    }

    /** How much of a packet of this length the tool wants: asked once for each, since another process may change it. */
    public int snap(int length) {
        return ring.snap(length);
    }

    /**
     * Makes room for a packet: then the record's ends are filled, and it is {@link #publish published}.
     *
     * @param captured as {@link #snap} said
     * @return the address of a {@link io.accel.core.capture.CaptureRecord}, or {@link CaptureRing#NONE}: there is no room, which is counted
     */
    public long claim(int lane, int captured) {
        return ring.claim(lane, captured);
    }

    /**
     * Copies the packet and lets the tool have it.
     *
     * @param captured as it was claimed for
     * @param original length of the packet, of which the captured bytes are at {@code from}
     */
    public void publish(long record, int captured, int lane, byte direction, int verdict, long stamp, long from, int original) {
        ring.publish(record, captured, lane, direction, verdict, stamp, from, original);
    }

    /** As the other, of a packet that lies in several pieces: the caller has put them at {@link CaptureRecord#packet}. */
    public void publish(long record, int captured, int lane, byte direction, int verdict, long stamp, int original) {
        ring.publish(record, captured, lane, direction, verdict, stamp, original);
    }
}
