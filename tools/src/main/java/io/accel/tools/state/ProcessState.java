package io.accel.tools.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.accel.core.counters.CaptureFiles;
import io.accel.udp.state.SocketState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * What one process told of itself.
 *
 * @param root  the document as {@code io.accel.udp.stack.StateDocument} writes it
 * @param user  user id of the process's owner
 * @param alive whether it still runs
 * @param age   since it was written, in milliseconds
 * @param capture where it shows its packets
 */
public record ProcessState(JsonNode root, int user, boolean alive, long age, CaptureFiles capture) {
    /** A living process writes every second, one with thousands of channels somewhat less often. */
    private static final long HANGS_AFTER_MILLIS = 10_000;

    /** In its own pid namespace. */
    public long pid() {
        return root.path("process").path("pid").asLong();
    }

    /** In milliseconds since the epoch, so that a process id that is used again is told apart. */
    public long started() {
        return root.path("process").path("started").asLong();
    }

    /** When it was told, in milliseconds since the epoch. */
    public long written() {
        return root.path("written").asLong();
    }

    public String command() {
        return root.path("process").path("command").asText();
    }

    /** For instance {@code alive}. */
    public String condition() {
        return !alive ? "dead" : isHeardOf() ? "alive" : "hangs";
    }

    /** Whether it runs and still tells what it does. */
    public boolean isHeardOf() {
        return alive && (age <= HANGS_AFTER_MILLIS || !hasStack());
    }

    /** Why UDP channels are the JDK's, or null: they are not. Where that is so from the start the process tells it once. */
    public String unavailable() {
        return text(root, "unavailable");
    }

    private boolean hasStack() {
        return root.has("messages");
    }

    public List<JsonNode> interfaces() {
        return elements(root.path("interfaces"));
    }

    public List<SocketState> sockets() {
        return elements(root.path("sockets")).stream().map(ProcessState::socket).toList();
    }

    private static SocketState socket(JsonNode json) {
        return new SocketState(text(json, "local"), text(json, "remote"), json.path("accelerated").asBoolean(), text(json, "reason"),
            json.path("fastReceived").asLong(), json.path("fastSent").asLong(), json.path("kernelReceived").asLong(),
            json.path("kernelSent").asLong(), counts(json.path("reasons")), counts(json.path("drops")),
            json.path("arrived").asLong(), json.path("waiting").asLong(), json.path("queued").asLong(), json.path("receiveBuffer").asLong(),
            elements(json.path("groups")).stream().map(JsonNode::asText).toList(),
            elements(json.path("destinations")).stream()
                .map(each -> new SocketState.Destination(text(each, "to"), text(each, "via"), text(each, "reason"))).toList());
    }

    /** What the closed channels did, in sum. */
    public JsonNode closed() {
        return root.path("closed");
    }

    /** One count over all channels there have been. */
    public long total(String name) {
        return closed().path(name).asLong()
            + elements(root.path("sockets")).stream().mapToLong(each -> each.path(name).asLong()).sum();
    }

    /** Counts by name over all channels there have been: {@code reasons} or {@code drops}. */
    public Map<String, Long> totals(String name) {
        final Map<String, Long> totals = new LinkedHashMap<>(counts(closed().path(name)));
        elements(root.path("sockets"))
            .forEach(socket -> counts(socket.path(name)).forEach((key, count) -> totals.merge(key, count, Long::sum)));
        return totals;
    }

    /** An object of numbers. */
    public static Map<String, Long> counts(JsonNode object) {
        final Map<String, Long> counts = new LinkedHashMap<>();
        object.properties().forEach(each -> counts.put(each.getKey(), each.getValue().asLong()));
        return counts;
    }

    /** Null for JSON's null and for what is not there. */
    public static String text(JsonNode object, String name) {
        final JsonNode value = object.path(name);
        return value.isNull() || value.isMissingNode() ? null : value.asText();
    }

    public static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
