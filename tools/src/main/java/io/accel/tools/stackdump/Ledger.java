package io.accel.tools.stackdump;

import static io.accel.tools.state.ProcessState.counts;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.core.DropCause.Layer;
import io.accel.tools.state.ProcessState;
import io.accel.tools.text.TextTable;
import io.accel.tools.text.Wrapped;
import io.accel.udp.state.Causes;
import io.accel.udp.state.SocketState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of all that arrived: at each interface the frames that its VI had, at each channel the datagrams that were delivered to it.
 * What is neither delivered, nor dropped under a cause, nor waiting is unattributed: 0 whenever the traffic rests.
 */
final class Ledger {
    private final TextTable table = new TextTable("layer", "in", "delivered", "dropped", "waiting", "unattributed");
    private final Map<Layer, Map<String, Long>> causes = new LinkedHashMap<>();
    private long unattributed;

    private Ledger() {
    }

    static String of(ProcessState process) {
        final Ledger ledger = new Ledger();
        Arrays.stream(Layer.values()).forEach(layer -> ledger.causes.put(layer, new LinkedHashMap<>()));
        for (final JsonNode each : process.interfaces()) {
            if (each.has("frames")) {
                ledger.row("interface " + ProcessState.text(each, "name"), Layer.STACK, each.path("frames").asLong(),
                    each.path("received").asLong(), counts(each.path("drops")), 0);
            }
        }
        for (final SocketState each : process.sockets()) {
            ledger.row("channel " + each.name(), Layer.CHANNEL, each.arrived(), each.fastReceived(), each.drops(), each.waiting());
        }
        final JsonNode closed = process.closed();
        ledger.row("closed channels", Layer.CHANNEL, closed.path("arrived").asLong(), closed.path("fastReceived").asLong(),
            counts(closed.path("drops")), 0);
        return ledger.text();
    }

    private void row(String name, Layer layer, long in, long delivered, Map<String, Long> drops, long waiting) {
        long dropped = 0;
        for (final Map.Entry<String, Long> each : drops.entrySet()) {
            final Layer of = Causes.layer(each.getKey());
            causes.get(of).merge(each.getKey(), each.getValue(), Long::sum);
            dropped += of == layer ? each.getValue() : 0;
        }
        final long rest = in - delivered - dropped - waiting;
        unattributed += Math.abs(rest);
        table.row(name, Long.toString(in), Long.toString(delivered), Long.toString(dropped), Long.toString(waiting), Long.toString(rest));
    }

    private String text() {
        final StringBuilder text = new StringBuilder(table.toString());
        causes.forEach((layer, drops) -> drops.forEach((cause, count) ->
            text.append(Wrapped.lines(heading(layer) + " " + cause + " " + count + ": ", Causes.drop(cause)))));
        return text.append("  unattributed ").append(unattributed).append('\n').toString();
    }

    private static String heading(Layer layer) {
        return switch (layer) {
            case NIC -> "NIC";
            case VI -> "virtual interface";
            case STACK -> "stack";
            case CHANNEL -> "channel";
        };
    }
}
