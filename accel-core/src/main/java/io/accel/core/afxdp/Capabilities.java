package io.accel.core.afxdp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which of the capabilities that AF_XDP needs this process lacks: numbers of linux/capability.h, values of proc(5). */
final class Capabilities {
    private record Capability(String name, int bit) {
    }

    private static final List<Capability> NEEDED = List.of(new Capability("CAP_NET_RAW", 13), new Capability("CAP_NET_ADMIN", 12),
        new Capability("CAP_BPF", 39), new Capability("CAP_PERFMON", 38));
    private static final String EFFECTIVE = "CapEff:";

    private Capabilities() {
    }

    /** A clause that names what is missing, or nothing where /proc does not tell. */
    static String missingText() {
        final List<String> missing = new ArrayList<>();
        try {
            for (final String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(EFFECTIVE)) {
                    final long held = Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).trim(), 16);
                    NEEDED.stream().filter(c -> (held & 1L << c.bit()) == 0).forEach(c -> missing.add(c.name()));
                }
            }
        } catch (final IOException | NumberFormatException e) {
            return " (" + e.getMessage() + ")";
        }
        return missing.isEmpty() ? "" : " (this process lacks " + String.join(", ", missing) + ")";
    }
}
