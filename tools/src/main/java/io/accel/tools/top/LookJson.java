package io.accel.tools.top;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** A look as JSON, one object on one line; what is not known is null. */
final class LookJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private LookJson() {
    }

    static String of(List<ProcessRow> all, Selection selection, Instant time) throws IOException {
        final ObjectNode root = MAPPER.createObjectNode().put("time", time.toEpochMilli());
        final var processes = root.putArray("processes");
        for (final ProcessRow each : selection.processes(all)) {
            final ObjectNode process = processes.addObject().put("pid", each.state().pid()).put("user", each.state().user())
                .put("condition", each.state().condition()).put("ageMillis", each.state().age()).put("command", each.state().command());
            flow(process, each.flow());
            final var interfaces = process.putArray("interfaces");
            for (final InterfaceRow vi : each.interfaces()) {
                flow(interfaces.addObject().put("name", vi.name()).put("datapath", vi.datapath()).put("state", vi.state()), vi.flow());
            }
            final var channels = process.putArray("channels");
            for (final ChannelRow channel : selection.channels(List.of(each))) {
                flow(channels.addObject().put("local", channel.socket().local()).put("remote", channel.socket().remote())
                    .put("path", channel.path()).put("queued", channel.socket().queued())
                    .put("receiveBuffer", channel.socket().receiveBuffer()), channel.flow());
            }
        }
        return MAPPER.writeValueAsString(root);
    }

    private static void flow(ObjectNode to, Flow flow) {
        put(to, "inPerSecond", flow.in());
        put(to, "outPerSecond", flow.out());
        put(to, "dropsPerSecond", flow.drops());
        put(to, "lostPerSecond", flow.lost());
    }

    private static void put(ObjectNode to, String name, double rate) {
        to.put(name, Double.isNaN(rate) ? null : rate);
    }
}
