package io.accel.udp.stack;

import io.accel.core.Reason;
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
        final String drops = drops(socket);
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

    private static String drops(UdpSocket socket) {
        final StringJoiner drops = new StringJoiner(",");
        SocketDrops.of(socket).forEach((cause, count) -> drops.add(cause + ":" + count));
        return drops.toString();
    }
}
