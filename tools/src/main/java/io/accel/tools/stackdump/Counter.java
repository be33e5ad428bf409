package io.accel.tools.stackdump;

import io.accel.core.vi.NicEvent;
import io.accel.udp.state.Causes;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What stackdump's counters mean. */
final class Counter {
    private static final String UNKNOWN = "unknown to this version of the tools";
    /** Of channels, by name, and as {@code udp} of a whole process. */
    static final Map<String, String> OF_CHANNELS = new TreeMap<>(Map.of(
        "fastReceived", "datagrams that channels received past the kernel",
        "fastSent", "datagrams that channels sent past the kernel",
        "kernelReceived", "datagrams that channels received through the kernel",
        "kernelSent", "datagrams that channels sent through the kernel"));
    /** Of virtual interfaces. */
    static final Map<String, String> OF_INTERFACES = new TreeMap<>(Map.of(
        "received", "datagrams that the stack took from the virtual interface",
        "sent", "datagrams that the stack gave to the virtual interface"));

    private Counter() {
    }

    /** @param name as stats lists it: words, of which the last tells the kind */
    static String describe(String name) {
        final String[] words = name.split(" ");
        final String last = words[words.length - 1];
        final String before = words[words.length - 2];
        return switch (before) {
            case "kernel" -> "datagrams that went through the kernel, or were refused by it: " + Causes.reason(last);
            case "event" -> event(last);
            case "drop" -> "dropped: " + Causes.drop(last);
            default -> OF_CHANNELS.getOrDefault(last, OF_INTERFACES.getOrDefault(last, UNKNOWN));
        };
    }

    private static String event(String name) {
        return Arrays.stream(NicEvent.values()).filter(each -> each.name().equals(name)).map(NicEvent::text).findAny().orElse(UNKNOWN);
    }
}
