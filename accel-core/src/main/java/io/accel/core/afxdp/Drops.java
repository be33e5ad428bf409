package io.accel.core.afxdp;

import io.accel.core.memory.Memory;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kernel's XDP_STATISTICS of all sockets, and the VI's own refusals, by cause. Any thread. */
final class Drops implements AutoCloseable {
    /** In the order of {@link AfXdpNative#statistics}. */
    private static final String[] KERNEL = {
        "rx_dropped", "rx_ring_full", "rx_fill_ring_empty", "rx_invalid_descriptors", "tx_invalid_descriptors"
    };
    /** Says why frames are among the first, rx_dropped: to count them again would make the sum wrong. */
    private static final int NO_DROP_OF_ITS_OWN = 2;

    private final List<Xsk> sockets;
    private final ReceiveSide receive;
    private final TransmitSide transmit;
    private Map<String, Long> last;

    Drops(List<Xsk> sockets, ReceiveSide receive, TransmitSide transmit) {
        this.sockets = sockets;
        this.receive = receive;
        this.transmit = transmit;
    }

    synchronized Map<String, Long> read() {
        return last != null ? last : now();
    }

    private Map<String, Long> now() {
        final long[] sums = new long[KERNEL.length];
        final long values = Memory.allocateAligned((long) KERNEL.length * Long.BYTES, Long.BYTES);
        for (final Xsk socket : sockets) {
            if (AfXdpNative.statistics(socket.fd(), values) == 0) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += Memory.getLong(values + (long) i * Long.BYTES);
                }
            }
        }
        Memory.freeAligned(values);
        final Map<String, Long> drops = new LinkedHashMap<>();
        for (int i = 0; i < sums.length; i++) {
            if (i != NO_DROP_OF_ITS_OWN) {
                drops.put(KERNEL[i], sums[i]);
            }
        }
        drops.put("tx_dropped_by_device", transmit.dropped());
        drops.put("tx_refused", transmit.refused());
        drops.put("retained_tokens_refused", (long) receive.badTokens());
        return Collections.unmodifiableMap(drops);
    }

    /** Keeps the last state; the sockets may be closed after it. */
    @Override
    public synchronized void close() {
        if (last == null) {
            last = now();
        }
    }
}
