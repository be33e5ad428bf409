package io.accel.core.afxdp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which of the capabilities that AF_XDP needs this process lacks: numbers of linux/capability.h, values of proc(5). */
final class Capabilities {
    private record Capability(String name, int bit) {
    }

    private static final List<Capability> NEEDED = List.of(new Capability("CAP_NET_RAW", 13), new Capability("CAP_NET_ADMIN", 12),
        new Capability("CAP_BPF", 39), new Capability("CAP_PERFMON", 38));
    private static final Capability IPC_LOCK = new Capability("CAP_IPC_LOCK", 14);
    private static final String EFFECTIVE = "CapEff:";

    private Capabilities() {
    }

    /** Their names; none where /proc does not tell. */
    static List<String> missing() {
        return missingOf(NEEDED);
    }

    /** Whether the limit of locked memory does not bind this process. */
    static boolean maySurpassMemoryLock() {
        return missingOf(List.of(IPC_LOCK)).isEmpty();
    }

    private static List<String> missingOf(List<Capability> needed) {
        try {
            for (final String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(EFFECTIVE)) {
                    final long held = Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).trim(), 16);
                    return needed.stream().filter(c -> (held & 1L << c.bit()) == 0).map(Capability::name).toList();
                }
            }
        } catch (final IOException | NumberFormatException e) {
            // The caller has an errno to tell, with the capabilities that are needed; only what is missing stays unsaid.
            return List.of();
        }
        return List.of();
    }
}
