package io.accel.udp.ethernet;

import io.accel.udp.wire.FrameError;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the stack did with an interface's frames: each received frame is delivered or counted under one cause. The receive fields are
 * written by whoever polls, the send fields by whoever sends.
 */
public final class InterfaceCounters {
    /** Frames that the VI had, whole ones and lost ones: the sum of what was received and of the drops below, but for send errors. */
    public long frames;
    /** Datagrams handed to an endpoint. */
    public long received;
    /** Datagrams that no endpoint takes. */
    public long unmatched;
    /** Datagrams whose source the kernel would refuse on this interface. */
    public long refusedSource;
    /** Frames that the hardware found bad. */
    public long discarded;
    /** Frames of several parts of which one is missing, or that are longer than a frame can be. */
    public long incomplete;
    /** Datagrams given to the VI. */
    public long sent;
    /** Datagrams that found no free frame; the kernel took them. */
    public long ringFull;
    /** Frames that the hardware did not send. */
    public long sendErrors;

    private final long[] bad = new long[FrameError.count()];

    void bad(int error) {
        bad[error]++;
    }

    /** Adds what another one has counted up to now. */
    void add(InterfaceCounters other) {
        frames += other.frames;
        received += other.received;
        unmatched += other.unmatched;
        refusedSource += other.refusedSource;
        discarded += other.discarded;
        incomplete += other.incomplete;
        sent += other.sent;
        ringFull += other.ringFull;
        sendErrors += other.sendErrors;
        for (int i = 0; i < bad.length; i++) {
            bad[i] += other.bad[i];
        }
    }

    /** Drops by cause, those that happened. */
    public Map<String, Long> drops() {
        final Map<String, Long> drops = new LinkedHashMap<>();
        put(drops, "UNMATCHED", unmatched);
        put(drops, "REFUSED_SOURCE", refusedSource);
        put(drops, "NIC_DISCARD", discarded);
        put(drops, "INCOMPLETE_FRAME", incomplete);
        put(drops, "SEND_ERROR", sendErrors);
        for (int i = 1; i < bad.length; i++) {
            put(drops, FrameError.of(i).name(), bad[i]);
        }
        return drops;
    }

    private static void put(Map<String, Long> drops, String cause, long count) {
        if (count > 0) {
            drops.put(cause, count);
        }
    }
}
