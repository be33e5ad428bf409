package io.accel.tools.stackdump;

import static io.accel.tools.state.ProcessState.counts;
import static io.accel.tools.state.ProcessState.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.tools.state.ProcessState;
import io.accel.tools.text.TextTable;
import io.accel.tools.text.Wrapped;
import io.accel.udp.state.Causes;
import io.accel.udp.state.SocketState;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What stackdump shows of a process. */
enum View {
    /** One line per process. */
    PROCESSES {
        @Override
        String of(List<ProcessState> processes) {
            final TextTable table = new TextTable("pid", "state", "told", "channels", "fast rx", "fast tx", "kernel rx", "kernel tx",
                "drops");
            for (final ProcessState each : processes) {
                table.row(Long.toString(each.pid()), each.condition(), age(each), Integer.toString(each.sockets().size()),
                    Long.toString(each.total("fastReceived")), Long.toString(each.total("fastSent")),
                    Long.toString(each.total("kernelReceived")), Long.toString(each.total("kernelSent")),
                    Long.toString(sum(each.totals("drops"))));
            }
            final StringBuilder text = new StringBuilder(table.toString());
            processes.forEach(each -> text.append(Wrapped.lines(each.pid() + ": ", each.command())));
            return text.toString();
        }
    },
    /** Each virtual interface. */
    NETIF {
        @Override
        String one(ProcessState process) {
            final TextTable table = new TextTable("interface", "datapath", "state", "mode", "mtu", "rx", "tx");
            final StringBuilder notes = new StringBuilder();
            for (final JsonNode each : process.interfaces()) {
                final String name = text(each, "name");
                table.row(name, text(each, "datapath"), condition(each), orDash(text(each, "mode")), orDash(text(each, "mtu")),
                    Long.toString(each.path("received").asLong()), Long.toString(each.path("sent").asLong()));
                tellReason(notes, name, text(each, "reason"));
                tellReason(notes, name + " in part", text(each, "shortfall"));
                tellCounts(notes, name + " rings:", Held.levels(process, name));
                tellCounts(notes, name + " drops:", counts(each.path("drops")));
                tellCounts(notes, name + " given up:", counts(each.path("failures")));
                tellCounts(notes, name + " events:", counts(each.path("events")));
            }
            tellReason(notes, "lo", text(process.root().path("messages"), "reason"));
            tellReason(notes, "channels opened since", process.unavailable());
            return (process.interfaces().isEmpty() ? "  no interface is open\n" : table.toString()) + notes;
        }

        private static String condition(JsonNode each) {
            return !each.path("open").asBoolean() ? "closed" : each.path("usable").asBoolean(true) ? "open" : "failed";
        }
    },
    /** Each channel. */
    SOCKETS {
        @Override
        String one(ProcessState process) {
            final TextTable table = new TextTable("channel", "path", "fast rx", "fast tx", "kernel rx", "kernel tx");
            final StringBuilder notes = new StringBuilder();
            for (final SocketState each : process.sockets()) {
                table.row(each.name(), path(each), Long.toString(each.fastReceived()), Long.toString(each.fastSent()),
                    Long.toString(each.kernelReceived()), Long.toString(each.kernelSent()));
                tellCounts(notes, each.name() + " kernel:", each.reasons());
                tellCounts(notes, each.name() + " drops:", each.drops());
            }
            return (process.sockets().isEmpty() ? "  no channel is open\n" : table.toString()) + notes
                + "  closed before: " + process.closed().path("sockets").asLong() + "\n";
        }

        private static String path(SocketState each) {
            return !each.accelerated() ? "kernel" : each.reason() == null ? "fast" : "fast, part kernel";
        }
    },
    /** What became of all that arrived. */
    LEDGER {
        @Override
        String one(ProcessState process) {
            return Ledger.of(process);
        }
    },
    /** What is steered to interfaces, and what is not that should be. */
    FILTERS {
        @Override
        String one(ProcessState process) {
            return Paths.filters(process);
        }
    },
    /** Where the last destinations of each channel are, as the kernel answered. */
    ROUTES {
        @Override
        String one(ProcessState process) {
            return Paths.routes(process);
        }
    },
    /** The next hops among them. */
    NEIGHBOURS {
        @Override
        String one(ProcessState process) {
            return Paths.neighbours(process);
        }
    },
    /** Who holds frames and datagrams. */
    PACKETS {
        @Override
        String one(ProcessState process) {
            return Held.of(process);
        }
    },
    /** Who waits for datagrams, and who sleeps meanwhile. */
    THREADS {
        @Override
        String one(ProcessState process) {
            return Paths.threads(process);
        }
    },
    /** Sums over all channels, one a line, for scripts. */
    STATS {
        @Override
        String one(ProcessState process) {
            final TextTable table = new TextTable("counter", "value");
            totals(process).forEach((name, value) -> table.row(name, Long.toString(value)));
            return table.toString();
        }
    },
    /** The same with what they mean. */
    DESCRIBE_STATS {
        @Override
        String one(ProcessState process) {
            final StringBuilder text = new StringBuilder();
            totals(process).forEach((name, value) -> text.append(Wrapped.lines(name + " " + value + ": ", Counter.describe(name))));
            return text.toString();
        }
    },
    /** The options that count, and where each comes from. */
    OPTIONS {
        @Override
        String one(ProcessState process) {
            final TextTable table = new TextTable("option", "value", "from");
            process.root().path("process").path("options").properties()
                .forEach(each -> table.row(each.getKey(), orDash(text(each.getValue(), "value")), text(each.getValue(), "origin")));
            return table.toString();
        }
    },
    /** All of these. */
    LOTS {
        @Override
        String one(ProcessState process) {
            final StringBuilder text = new StringBuilder();
            for (final View each : List.of(NETIF, SOCKETS, LEDGER, FILTERS, ROUTES, NEIGHBOURS, PACKETS, THREADS, STATS, OPTIONS)) {
                text.append('\n').append(ViewName.of(each)).append('\n').append(each.one(process));
            }
            return text.toString();
        }
    };

    /** Of several processes, each under its name. */
    String of(List<ProcessState> processes) {
        return processes.stream()
            .map(each -> "process " + each.pid() + ", " + each.condition() + ", told " + age(each) + " ago\n" + one(each))
            .collect(Collectors.joining("\n"));
    }

    /** Of one. */
    String one(ProcessState process) {
        return of(List.of(process));
    }

    private static Map<String, Long> totals(ProcessState process) {
        return Baselines.ofUser().since(process, Statistics.of(process));
    }

    private static void tellReason(StringBuilder notes, String interfaceName, String reason) {
        if (reason != null) {
            notes.append(Wrapped.lines(interfaceName + " " + reason + ": ", Causes.reason(reason)));
        }
    }

    private static void tellCounts(StringBuilder notes, String heading, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            notes.append(Wrapped.lines(heading + " ", counts.entrySet().stream().map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "))));
        }
    }

    private static String age(ProcessState process) {
        return process.age() < 60_000 ? process.age() / 1000 + "." + process.age() % 1000 / 100 + " s" : process.age() / 60_000 + " min";
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String orDash(String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
