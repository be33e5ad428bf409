package io.accel.tools.stackdump;

import static io.accel.tools.state.ProcessState.counts;
import static io.accel.tools.state.ProcessState.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.tools.state.ProcessState;
import io.accel.tools.text.TextTable;
import io.accel.udp.state.SocketState;
import java.util.Map;

/** Who holds frames and bytes: the rings of interfaces, and the queues of channels. */
final class Held {
    private Held() {
    }

    static String of(ProcessState process) {
        final TextTable table = new TextTable("owner", "what", "held");
        for (final JsonNode each : process.interfaces()) {
            final String name = text(each, "name");
            levels(process, name).forEach((what, frames) -> table.row(name, words(what), frames.toString()));
        }
        for (final SocketState each : process.sockets()) {
            if (each.queued() > 0) {
                table.row(each.name(), "bytes of datagrams in the channel's queue", Long.toString(each.queued()));
            }
        }
        return table.leftAligned() + "  what waits in shared memory lies in rings of the receiver and is not counted here\n";
    }

    /** How full an interface's rings are; empty where it does not tell. */
    static Map<String, Long> levels(ProcessState process, String netInterface) {
        return counts(process.root().path("levels").path(netInterface));
    }

    private static String words(String level) {
        return switch (level) {
            case "rx" -> "frames that wait for a poll";
            case "posted" -> "buffers that wait for frames";
            case "retained" -> "frames that channels hold";
            case "spare" -> "receive buffers that nobody holds";
            case "tx" -> "frames that wait for the device";
            case "tx completed" -> "sent frames that are to be taken back";
            case "tx spare" -> "send buffers that nobody holds";
            case "ring" -> "descriptors of each ring";
            default -> level;
        };
    }
}
