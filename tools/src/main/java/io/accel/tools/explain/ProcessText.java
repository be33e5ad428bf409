package io.accel.tools.explain;

import static io.accel.tools.state.ProcessState.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.tools.state.ProcessState;
import io.accel.tools.text.Wrapped;
import io.accel.udp.state.Explanation;
import io.accel.udp.state.SocketState;

/** A process's interfaces and channels in words. */
final class ProcessText {
    private final StringBuilder told = new StringBuilder();

    private ProcessText() {
    }

    static String of(ProcessState process) {
        final ProcessText text = new ProcessText();
        text.told.append(Wrapped.lines("process " + process.pid() + ", " + process.condition() + ": ", process.command()).substring(2));
        text.interfaces(process);
        process.sockets().forEach(text::socket);
        if (process.sockets().isEmpty()) {
            text.told.append("  It has no open UDP channel.\n");
        }
        return text.told.append('\n').toString();
    }

    private void interfaces(ProcessState process) {
        final String unavailable = process.unavailable();
        if (unavailable != null) {
            line("channels opened since", "the JDK's own: " + Explanation.because(unavailable));
        }
        final String messages = text(process.root().path("messages"), "reason");
        if (messages != null) {
            line("shared memory", "not used: " + Explanation.because(messages));
        }
        for (final JsonNode each : process.interfaces()) {
            final String name = text(each, "name") + " by " + text(each, "datapath");
            final String reason = text(each, "reason");
            if (reason != null) {
                line(name, "not used: " + Explanation.because(reason));
            } else if (each.path("open").asBoolean()) {
                line(name, "open, " + text(each, "mode"));
                if (text(each, "shortfall") != null) {
                    line("  in part", Explanation.because(text(each, "shortfall")));
                }
            } else {
                line(name, "not open: no channel has wanted it yet");
            }
            ProcessState.counts(each.path("failures"))
                .forEach((failure, count) -> line("  " + count + " given up", Explanation.because(failure)));
        }
    }

    private void socket(SocketState socket) {
        told.append("\n  udp ").append(socket.name()).append('\n');
        Explanation.of(socket).forEach(each -> line("  " + each.subject(), each.text()));
    }

    private void line(String subject, String text) {
        told.append(Wrapped.lines(subject + ": ", text));
    }
}
