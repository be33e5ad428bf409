package io.accel.udp.stack;

import io.accel.core.shm.ShmVirtualInterface;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.socket.UdpSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a socket lost, by cause, without zeros. */
final class SocketDrops {
    private SocketDrops() {
    }

    static Map<String, Long> of(UdpSocket socket) {
        final Map<String, Long> drops = of(socket.counters());
        final ShmVirtualInterface vi = socket.isKernelOnly() ? null : socket.endpoint().messages();
        if (vi != null) {
            drops.putAll(MessageTotals.drops(vi));
        }
        return drops;
    }

    static Map<String, Long> of(ChannelCounters counters) {
        final Map<String, Long> drops = new LinkedHashMap<>();
        put(drops, "QUEUE_FULL", counters.queueFull);
        put(drops, "NOT_FROM_PEER", counters.notFromPeer);
        put(drops, "NOT_MEMBER", counters.notMember);
        put(drops, "MALFORMED", counters.malformed);
        put(drops, "SPOOFED_SOURCE", counters.spoofed);
        put(drops, "UNREAD", counters.unread);
        return drops;
    }

    private static void put(Map<String, Long> drops, String cause, long count) {
        if (count > 0) {
            drops.put(cause, count);
        }
    }
}
