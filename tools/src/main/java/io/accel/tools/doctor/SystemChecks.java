package io.accel.tools.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The kernel, and what this user may do. */
record SystemChecks(HostFiles host, ProcessFiles process, Wanted wanted) implements Check {
    private static final int MAJOR = 5;
    private static final int MINOR = 14;
    /** Numbers of linux/capability.h. */
    private static final Map<Integer, String> NEEDED = new TreeMap<>(Map.of(12, "CAP_NET_ADMIN", 13, "CAP_NET_RAW", 38, "CAP_PERFMON",
        39, "CAP_BPF"));

    @Override
    public List<Finding> findings() {
        return List.of(release(), capabilities(), compiler());
    }

    private Finding release() {
        final String release = host.read("/proc/sys/kernel/osrelease").orElse("0.0");
        final String[] parts = release.split("[^0-9]+");
        final int major = Integer.parseInt(parts[0]);
        final boolean good = major > MAJOR || major == MAJOR && parts.length > 1 && Integer.parseInt(parts[1]) >= MINOR;
        return good ? Finding.ok("kernel", "", release)
            : Finding.fail("kernel", "", release + ": shared memory needs " + MAJOR + "." + MINOR, "install a later kernel");
    }

    private Finding capabilities() {
        final List<String> missing = new ArrayList<>();
        NEEDED.forEach((number, name) -> {
            if (!process.isCapable(number)) {
                missing.add(name);
            }
        });
        if (missing.isEmpty()) {
            return Finding.ok("privileges", "", "all that AF_XDP needs");
        }
        final String seen = "AF_XDP needs " + String.join(", ", missing);
        final String remedy = "in a systemd unit AmbientCapabilities=" + String.join(" ", missing) + ", or run as root";
        return wanted.isNamed("afxdp") ? Finding.fail("privileges", "", seen, remedy) : Finding.warn("privileges", "", seen, remedy);
    }

    private Finding compiler() {
        final String path = "/proc/sys/net/core/bpf_jit_enable";
        return host.read(path).map(value -> value.equals("0")
            ? Finding.warn("BPF compiler", "", "off: XDP programs are interpreted", "sysctl -w net.core.bpf_jit_enable=1")
            : Finding.ok("BPF compiler", "", "on")).orElseGet(() -> Finding.ok("BPF compiler", "", "built in, always on"));
    }
}
