package io.accel.udp.stack;

import io.accel.core.shm.ShmVirtualInterface;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sums over the message VIs of sockets. Not thread-safe. */
final class MessageTotals {
    private long received;
    private long sent;
    private boolean any;
    private final Map<String, Long> drops = new LinkedHashMap<>();

    void add(ShmVirtualInterface vi) {
        any = true;
        received += vi.received();
        sent += vi.transmitted();
        drops(vi).forEach((cause, count) -> drops.merge(cause, count, Long::sum));
    }

    void add(MessageTotals other) {
        any |= other.any;
        received += other.received;
        sent += other.sent;
        other.drops.forEach((cause, count) -> drops.merge(cause, count, Long::sum));
    }

    /** What one VI lost, by cause, without zeros. */
    static Map<String, Long> drops(ShmVirtualInterface vi) {
        final Map<String, Long> drops = new LinkedHashMap<>();
        put(drops, "RECEIVER_RING_FULL", vi.lostRingFull());
        put(drops, "PEER_RING_FULL", vi.droppedRingFull());
        put(drops, "PEER_GONE", vi.droppedPeerGone());
        put(drops, "SEND_REFUSED", vi.droppedRefused());
        put(drops, "CORRUPT_RING", vi.corruptRings());
        return drops;
    }

    private static void put(Map<String, Long> drops, String cause, long count) {
        if (count > 0) {
            drops.put(cause, count);
        }
    }

    boolean isAny() {
        return any;
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    Map<String, Long> drops() {
        return drops;
    }
}
