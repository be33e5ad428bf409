package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import java.util.StringJoiner;

/** A socket's line of the exit report. */
final class SocketLine {
    private SocketLine() {
    }

    static String of(UdpSocket socket) {
        final ChannelCounters c = socket.counters();
        final StringBuilder line = new StringBuilder("udp ").append(SocketText.address(socket.local()));
        if (socket.remote() != null) {
            line.append(" -> ").append(SocketText.address(socket.remote()));
        }
        line.append(" fast rx=").append(c.fastReceived).append(" tx=").append(c.fastSent)
            .append(" kernel rx=").append(c.kernelReceived).append(" tx=").append(c.kernelSent)
            .append(" reasons=").append(reasons(socket, c));
        final String drops = drops(socket, c);
        return drops.isEmpty() ? line.toString() : line.append(" drops=").append(drops).toString();
    }

    private static String reasons(UdpSocket socket, ChannelCounters counters) {
        final StringJoiner reasons = new StringJoiner(",");
        for (final Reason reason : Reason.values()) {
            final long count = counters.count(reason);
            if (count > 0 || reason == socket.kernelReason()) {
                reasons.add(reason + ":" + count);
            }
        }
        return reasons.length() == 0 ? "none" : reasons.toString();
    }

    private static String drops(UdpSocket socket, ChannelCounters counters) {
        final StringJoiner drops = new StringJoiner(",");
        add(drops, "QUEUE_FULL", counters.queueFull);
        add(drops, "NOT_FROM_PEER", counters.notFromPeer);
        add(drops, "NOT_MEMBER", counters.notMember);
        add(drops, "MALFORMED", counters.malformed);
        add(drops, "SPOOFED_SOURCE", counters.spoofed);
        final ShmVirtualInterface vi = socket.isKernelOnly() ? null : socket.endpoint().messages();
        if (vi != null) {
            MessageTotals.drops(vi).forEach((cause, count) -> add(drops, cause, count));
        }
        return drops.toString();
    }

    private static void add(StringJoiner drops, String cause, long count) {
        if (count > 0) {
            drops.add(cause + ":" + count);
        }
    }
}
