package io.accel.tools.top;

import static io.accel.tools.state.ProcessState.counts;
import static io.accel.tools.state.ProcessState.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.tools.state.ProcessState;
import io.accel.udp.state.SocketState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The last two states of each process, and what lies between them. The time between is that between the process's own writings, so that
 * neither this program's pauses nor its period falsify a rate.
 */
final class History {
    /** Two with different times of writing. */
    private record Told(ProcessState before, ProcessState now) {
        Told next(ProcessState later) {
            return new Told(later.written() == now.written() ? before : now, later);
        }
    }

    private Map<ProcessKey, Told> told = new LinkedHashMap<>();

    /** All that are there now; what is not among them is forgotten. */
    List<ProcessRow> add(List<ProcessState> states) {
        final Map<ProcessKey, Told> now = new LinkedHashMap<>();
        for (final ProcessState each : states) {
            final ProcessKey key = ProcessKey.of(each);
            final Told known = told.get(key);
            now.put(key, known == null ? new Told(null, each) : known.next(each));
        }
        told = now;
        return now.values().stream().map(History::row).toList();
    }

    /** Whether every process that still tells has told twice. */
    boolean isComplete() {
        return told.values().stream().noneMatch(each -> each.before() == null && each.now().isHeardOf());
    }

    private static ProcessRow row(Told process) {
        final ProcessState now = process.now();
        final ProcessState before = now.isHeardOf() ? process.before() : null;
        final double seconds = before == null ? Double.NaN : (now.written() - before.written()) / 1e3;
        final List<InterfaceRow> interfaces = interfaces(now, before, seconds);
        final Flow channels = before == null ? Flow.UNKNOWN : Flow.of(received(now) - received(before), sent(now) - sent(before),
            losses(now).minus(losses(before)), seconds);
        return new ProcessRow(now, channels, channels(now, before, seconds), interfaces);
    }

    private static List<ChannelRow> channels(ProcessState now, ProcessState before, double seconds) {
        final Map<String, SocketState> earlier = before == null ? Map.of() : numbered(before.sockets(), SocketState::name);
        final List<ChannelRow> rows = new ArrayList<>();
        numbered(now.sockets(), SocketState::name).forEach((name, socket) -> {
            final SocketState was = earlier.get(name);
            rows.add(new ChannelRow(now.pid(), socket, was, before == null ? Flow.UNKNOWN : Flow.of(
                received(socket) - (was == null ? 0 : received(was)), sent(socket) - (was == null ? 0 : sent(was)),
                losses(socket).minus(was == null ? Losses.NONE : losses(was)), seconds)));
        });
        return rows;
    }

    private static List<InterfaceRow> interfaces(ProcessState now, ProcessState before, double seconds) {
        final Map<String, JsonNode> earlier = before == null ? Map.of() : numbered(before.interfaces(), each -> text(each, "name"));
        final List<InterfaceRow> rows = new ArrayList<>();
        numbered(now.interfaces(), each -> text(each, "name")).forEach((name, vi) -> {
            final JsonNode was = earlier.get(name);
            final Flow flow = before == null ? Flow.UNKNOWN : Flow.of(more(vi, was, "received"), more(vi, was, "sent"),
                losses(vi).minus(was == null ? Losses.NONE : losses(was)), seconds);
            rows.add(new InterfaceRow(now.pid(), text(vi, "name"), text(vi, "datapath"), state(vi), flow));
        });
        return rows;
    }

    /** By name; of those with one name, as sockets that share a port have, the second has a number behind. */
    private static <T> Map<String, T> numbered(List<T> all, Function<T, String> name) {
        final Map<String, Integer> seen = new HashMap<>();
        final Map<String, T> numbered = new LinkedHashMap<>();
        for (final T each : all) {
            final int number = seen.merge(name.apply(each), 1, Integer::sum);
            numbered.put(name.apply(each) + (number == 1 ? "" : " " + number), each);
        }
        return numbered;
    }

    private static String state(JsonNode vi) {
        final String reason = text(vi, "reason");
        return !vi.path("open").asBoolean() ? reason == null ? "closed" : reason : vi.path("usable").asBoolean(true) ? "open" : "failed";
    }

    private static long more(JsonNode now, JsonNode before, String name) {
        return now.path(name).asLong() - (before == null ? 0 : before.path(name).asLong());
    }

    private static long received(ProcessState process) {
        return process.total("fastReceived") + process.total("kernelReceived");
    }

    private static long sent(ProcessState process) {
        return process.total("fastSent") + process.total("kernelSent");
    }

    /** Those of shared memory are the channels' already. */
    private static Losses losses(ProcessState process) {
        return process.interfaces().stream().filter(each -> !"shm".equals(text(each, "datapath"))).map(History::losses)
            .reduce(Losses.of(process.totals("drops")), Losses::plus);
    }

    private static Losses losses(JsonNode vi) {
        return Losses.of(counts(vi.path("drops")));
    }

    private static Losses losses(SocketState socket) {
        return Losses.of(socket.drops());
    }

    private static long received(SocketState socket) {
        return socket.fastReceived() + socket.kernelReceived();
    }

    private static long sent(SocketState socket) {
        return socket.fastSent() + socket.kernelSent();
    }
}
