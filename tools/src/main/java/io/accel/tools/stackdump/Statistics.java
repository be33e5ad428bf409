package io.accel.tools.stackdump;

import static io.accel.tools.state.ProcessState.counts;
import static io.accel.tools.state.ProcessState.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.tools.state.ProcessState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A process's counters by the names under which {@code stats} lists them. */
final class Statistics {
    private Statistics() {
    }

    /** Since the process began. */
    static Map<String, Long> of(ProcessState process) {
        final Map<String, Long> totals = new TreeMap<>();
        for (final String name : List.of("fastReceived", "fastSent", "kernelReceived", "kernelSent")) {
            totals.put("udp " + name, process.total(name));
        }
        process.totals("reasons").forEach((reason, count) -> totals.put("udp kernel " + reason, count));
        process.totals("drops").forEach((cause, count) -> totals.put("udp drop " + cause, count));
        for (final JsonNode each : process.interfaces()) {
            final String vi = "vi " + text(each, "name") + " ";
            totals.put(vi + "received", each.path("received").asLong());
            totals.put(vi + "sent", each.path("sent").asLong());
            counts(each.path("drops")).forEach((cause, count) -> totals.put(vi + "drop " + cause, count));
            counts(each.path("events")).forEach((event, count) -> totals.put(vi + "event " + event, count));
        }
        return totals;
    }
}
