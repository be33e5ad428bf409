package io.accel.tools.explain;

import static io.accel.tools.state.ProcessState.counts;
import static io.accel.tools.state.ProcessState.elements;
import static io.accel.tools.state.ProcessState.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.tools.state.Causes;
import io.accel.tools.state.ProcessState;
import io.accel.tools.text.Wrapped;

/** A process's channels in words: what is fast, what is not, why, and what to do. */
final class Explanation {
    private static final String ITEM = "  ";

    private final StringBuilder told = new StringBuilder();

    private Explanation() {
    }

    static String of(ProcessState process) {
        final Explanation explanation = new Explanation();
        explanation.told.append("process ").append(process.pid()).append(", ").append(process.condition()).append(": ")
            .append(process.command()).append('\n');
        explanation.interfaces(process);
        process.sockets().forEach(explanation::socket);
        if (process.sockets().isEmpty()) {
            explanation.told.append("  It has no open UDP channel.\n");
        }
        return explanation.told.append('\n').toString();
    }

    private void interfaces(ProcessState process) {
        final String messages = text(process.root().path("messages"), "reason");
        if (messages != null) {
            line("shared memory", "not used: " + because(messages));
        }
        for (final JsonNode each : process.interfaces()) {
            final String name = text(each, "name") + " by " + text(each, "datapath");
            final String reason = text(each, "reason");
            if (reason != null) {
                line(name, "not used: " + because(reason));
            } else if (each.path("open").asBoolean()) {
                line(name, "open, " + text(each, "mode"));
            } else {
                line(name, "not open: no channel has wanted it yet");
            }
        }
    }

    private void socket(JsonNode socket) {
        final String remote = text(socket, "remote");
        told.append('\n').append("  udp ").append(text(socket, "local")).append(remote == null ? "" : " -> " + remote).append('\n');
        final String reason = text(socket, "reason");
        if (!socket.path("accelerated").asBoolean()) {
            line(ITEM + "kernel", because(reason));
            return;
        }
        line(ITEM + "receives", (reason == null ? "on the fast path, "
            : "by the kernel what it could take itself: " + because(reason) + ". So far ") + socket.path("fastReceived").asLong()
            + " fast and " + socket.path("kernelReceived").asLong() + " by the kernel");
        for (final JsonNode each : elements(socket.path("destinations"))) {
            final String via = text(each, "via");
            line(ITEM + "sends to " + text(each, "to"), via == null ? "by the kernel: " + because(text(each, "reason"))
                : via.equals("lo") ? "by shared memory" : "by " + via);
        }
        line(ITEM + "sent", socket.path("fastSent").asLong() + " fast and " + socket.path("kernelSent").asLong() + " by the kernel");
        counts(socket.path("reasons")).forEach((name, count) -> line(ITEM + count + " by the kernel", because(name)));
        counts(socket.path("drops")).forEach((name, count) -> line(ITEM + count + " dropped", name + ", " + Causes.drop(name)));
    }

    private void line(String heading, String text) {
        told.append(Wrapped.lines(heading + ": ", text));
    }

    private static String because(String reason) {
        return reason + ", " + Causes.reason(reason);
    }
}
