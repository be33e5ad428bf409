package io.accel.tools.stackdump;

import static io.accel.tools.state.ProcessState.elements;
import static io.accel.tools.state.ProcessState.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.tools.state.ProcessState;
import io.accel.tools.text.TextTable;
import io.accel.tools.text.Wrapped;
import io.accel.udp.state.Causes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the stack knows of the ways to destinations: filters, routes and next hops, as they were when last asked for. */
final class Paths {
    private Paths() {
    }

    static String filters(ProcessState process) {
        final TextTable table = new TextTable("interface", "stream", "filter", "channel");
        final Set<String> reasons = new LinkedHashSet<>();
        for (final JsonNode each : elements(process.root().path("filters"))) {
            final String reason = text(each, "reason");
            table.row(text(each, "interface"), text(each, "stream"), reason == null ? text(each, "mode") : reason, text(each, "channel"));
            if (reason != null) {
                reasons.add(reason);
            }
        }
        final StringBuilder notes = new StringBuilder();
        reasons.forEach(each -> notes.append(Wrapped.lines(each + ": ", Causes.reason(each))));
        return (process.root().path("filters").isEmpty() ? "  nothing is steered to an interface\n" : table.leftAligned()) + notes;
    }

    static String routes(ProcessState process) {
        final TextTable table = new TextTable("channel", "to", "via", "next hop", "from", "mtu");
        boolean any = false;
        for (final JsonNode each : elements(process.root().path("paths"))) {
            any = true;
            table.row(text(each, "channel"), text(each, "to"), text(each, "via") == null ? text(each, "reason") : text(each, "via"),
                orDash(text(each, "nextHop")), orDash(text(each, "source")), orDash(text(each, "mtu")));
        }
        return any ? table.leftAligned() : "  nothing was sent on a path of the stack\n";
    }

    static String neighbours(ProcessState process) {
        final Set<List<String>> rows = new LinkedHashSet<>();
        for (final JsonNode each : elements(process.root().path("paths"))) {
            if (each.has("neighbour")) {
                rows.add(List.of(text(each, "interface"), text(each, "nextHop"), text(each, "mac"), text(each, "neighbour")));
            }
        }
        final TextTable table = new TextTable("interface", "next hop", "mac", "state");
        rows.forEach(each -> table.row(each.toArray(String[]::new)));
        return rows.isEmpty() ? "  no next hop was asked for\n" : table.leftAligned();
    }

    static String threads(ProcessState process) {
        final TextTable table = new TextTable("thread", "for", "state");
        elements(process.root().path("threads"))
            .forEach(each -> table.row(orDash(text(each, "thread")), text(each, "purpose"), text(each, "state")));
        return process.root().path("threads").isEmpty() ? "  no thread has a selector or blocks in a receive\n" : table.leftAligned();
    }

    private static String orDash(String text) {
        return text == null ? "-" : text;
    }
}
