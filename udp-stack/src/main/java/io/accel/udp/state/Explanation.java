package io.accel.udp.state;

import java.util.ArrayList;
import java.util.List;

/** A socket's state in sentences: what is fast, what is not, why, and what to do. */
public final class Explanation {
    private Explanation() {
    }

    /** One sentence of it. @param subject what it is about, as {@code sends to 10.0.0.1:9000} */
    public record Line(String subject, String text) {
        @Override
        public String toString() {
            return subject + ": " + text;
        }
    }

    public static List<Line> of(SocketState socket) {
        final List<Line> lines = new ArrayList<>();
        if (!socket.accelerated()) {
            lines.add(new Line("by the kernel alone", because(socket.reason())));
            return lines;
        }
        lines.add(new Line("receives", (socket.reason() == null ? "on the fast path, "
            : "by the kernel what it could take itself: " + because(socket.reason()) + ". So far ")
            + socket.fastReceived() + " fast and " + socket.kernelReceived() + " by the kernel"));
        for (final SocketState.Destination each : socket.destinations()) {
            lines.add(new Line("sends to " + each.to(), each.via() == null ? "by the kernel: " + because(each.reason())
                : each.via().equals("lo") ? "by shared memory" : "by " + each.via()));
        }
        lines.add(new Line("sent", socket.fastSent() + " fast and " + socket.kernelSent() + " by the kernel"));
        socket.reasons().forEach((reason, count) -> lines.add(new Line(count + " by the kernel", because(reason))));
        socket.drops().forEach((cause, count) -> lines.add(new Line(count + " dropped", cause + ", " + Causes.drop(cause))));
        return lines;
    }

    /** A reason's name with what it means. */
    public static String because(String reason) {
        return reason + ", " + Causes.reason(reason);
    }
}
