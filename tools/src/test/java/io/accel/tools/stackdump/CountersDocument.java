package io.accel.tools.stackdump;

import io.accel.core.vi.NicEvent;
import java.util.Map;

/** The page of all that is counted, made from declarations alone. */
final class CountersDocument {
    private CountersDocument() {
    }

    static String markdown() {
        final StringBuilder text = new StringBuilder("""
            # What is counted

            Made from the declarations that `./accel stackdump describe_stats` reads; do not edit.

            Counters only grow, from the start of the process; after `./accel stackdump clear`, which the process does not notice,
            `stats` tells what came since. `./accel stackdump stats` lists them, causes, reasons and events from the first on;
            `stackdump sockets` and the exit report have those of each channel; `stackdump ledger` adds up layer by layer what came,
            was delivered and was dropped.
            [Monitoring](monitoring.md) tells what JMX and Micrometer call them.

            ## Channels

            Of all channels of a process together, the closed ones too.

            """);
        head(text);
        rows(text, "udp ", Counter.OF_CHANNELS);
        row(text, "udp kernel REASON", "those through the kernel, and what it refused to send, by [reason](reasons.md)");
        row(text, "udp drop CAUSE", "dropped for a channel, by [cause](reasons.md#datagrams-that-did-not-arrive) of the layer `CHANNEL`");
        text.append("\n## Virtual interfaces\n\nOf each that the process has opened, by its name; `lo` is shared memory.\n\n");
        head(text);
        rows(text, "vi NAME ", Counter.OF_INTERFACES);
        row(text, "vi NAME drop CAUSE", "dropped before a channel was found, or on the way out, by cause of the other layers");
        for (final NicEvent each : NicEvent.values()) {
            row(text, "vi NAME event " + each, each.text());
        }
        return text.toString();
    }

    private static void head(StringBuilder text) {
        text.append("| counter | counts |\n|---|---|\n");
    }

    private static void rows(StringBuilder text, String of, Map<String, String> counters) {
        counters.forEach((name, meaning) -> row(text, of + name, meaning));
    }

    private static void row(StringBuilder text, String name, String meaning) {
        text.append("| `").append(name).append("` | ").append(meaning).append(" |\n");
    }
}
