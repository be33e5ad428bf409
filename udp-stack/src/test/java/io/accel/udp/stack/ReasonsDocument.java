package io.accel.udp.stack;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.udp.wire.FrameError;
import java.util.Locale;

/** The page that answers "why is my socket not accelerated" and "where are my datagrams", made from declarations alone. */
final class ReasonsDocument {
    private ReasonsDocument() {
    }

    static String markdown() {
        final StringBuilder text = new StringBuilder("""
            # Why is my socket not accelerated?

            Made from the declarations in `Reason.java`, `DropCause.java` and `FrameError.java`; do not edit.

            Every datagram that goes through the kernel, and every channel that does, has one of these reasons. Where to read it: the exit
            report (`./accel run --report`, `-Daccel.report=exit`) counts datagrams by reason for each channel; the log tells a change of
            path once for each channel and reason; with `accel.require=true` it is an exception. Look from the top: what is further up
            keeps more from the fast path.

            """);
        int step = 1;
        for (final Reason.Scope scope : Reason.Scope.values()) {
            text.append("## ").append(step++).append(". What keeps back ").append(scope.what()).append("\n\nDecided ").append(scope.when())
                .append(".\n\n| the report says | that is | what to do |\n|---|---|---|\n");
            for (final Reason reason : Reason.values()) {
                if (reason.scope() == scope) {
                    row(text, reason.name(), reason.text(), reason.remedy());
                }
            }
            text.append('\n');
        }
        text.append("""
            ## Datagrams that did not arrive

            What was dropped on the fast path is counted under one of these causes, by the layer that dropped it: the NIC, the virtual
            interface between it and the stack (`VI`), the stack, or the channel. Where to read it: `drops=` in the exit report,
            `./accel stackdump ledger`, which keeps the layers apart, and the `Drops` events of a recording. Do not add layers up:
            `NIC_DISCARD` and `SEND_ERROR` are sums of what the NIC's causes tell apart, and a ring on this host that is full counts at
            both its ends.

            | the report says | layer | that is | what to do |
            |---|---|---|---|
            """);
        for (final DropCause.Layer layer : DropCause.Layer.values()) {
            for (final DropCause cause : DropCause.values()) {
                if (cause.layer() == layer) {
                    row(text, cause.name(), name(layer), cause.text(), cause.remedy());
                }
            }
        }
        text.append("""

            ## Frames that are dropped as malformed

            What the stack finds wrong with a frame that the interface gave it is counted among the interface's drops under these names,
            each frame once: look at the sender, and at what is between. What is sound but not plain UDP (options, fragments, extension
            headers) is left to the kernel before it gets here. A partial checksum, as a veth peer leaves it, is no error.

            | the report says | that is |
            |---|---|
            """);
        for (int code = 1; code < FrameError.count(); code++) {
            row(text, FrameError.of(code).name(), FrameError.of(code).text());
        }
        return text.toString();
    }

    private static String name(DropCause.Layer layer) {
        return switch (layer) {
            case NIC, VI -> layer.name();
            case STACK, CHANNEL -> layer.name().toLowerCase(Locale.ROOT);
        };
    }

    private static void row(StringBuilder to, String name, String... cells) {
        to.append("| `").append(name).append('`');
        for (final String cell : cells) {
            to.append(" | ").append(cell.replace("|", "\\|"));
        }
        to.append(" |\n");
    }
}
