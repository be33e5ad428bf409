package io.accel.tools.run;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a program runs and what it is called there.
 *
 * @param namespace  the network namespace, or null for the one we are in
 * @param address    its IPv4 address
 * @param device     its interface
 * @param cpu        the CPU it is pinned to, or negative
 */
public record Host(String namespace, String address, String device, int cpu) {
    /** The command, moved into the namespace and pinned. */
    public List<String> wrap(List<String> command) {
        final List<String> wrapped = new ArrayList<>();
        if (namespace != null) {
            wrapped.addAll(List.of("ip", "netns", "exec", namespace));
        }
        if (cpu >= 0) {
            wrapped.addAll(List.of("taskset", "-c", String.valueOf(cpu)));
        }
        wrapped.addAll(command);
        return wrapped;
    }
}
