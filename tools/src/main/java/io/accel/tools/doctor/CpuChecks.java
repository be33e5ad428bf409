package io.accel.tools.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How fast, and how undisturbed, the CPUs run that the program may use. */
record CpuChecks(HostFiles host, ProcessFiles process) implements Check {
    private static final String CPUS = "/sys/devices/system/cpu/";
    private static final String CLOCKS = "/sys/devices/system/clocksource/clocksource0/";
    /** Waking up from a deeper sleep costs a datagram more than its whole way. */
    private static final int SHALLOW_MICROS = 10;
    /** Read in user space, without a system call (arch/x86/entry/vdso, arch/arm64 in the kernel). */
    private static final List<String> FAST_CLOCKS = List.of("tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter");
    private static final String ELSEWHERE = "look at the firmware, or at the host of this machine";
    private static final int CROWDED = 2;

    @Override
    public List<Finding> findings() {
        return List.of(governor(), idleStates(), isolated(), number(), quota(), clock());
    }

    private List<String> cpus() {
        return process.cpus().cpus().stream().map(cpu -> "cpu" + cpu).toList();
    }

    private Finding governor() {
        final Map<String, List<Integer>> byName = new TreeMap<>();
        for (final int cpu : process.cpus().cpus()) {
            host.read(CPUS + "cpu" + cpu + "/cpufreq/scaling_governor")
                .ifPresent(name -> byName.computeIfAbsent(name, n -> new ArrayList<>()).add(cpu));
        }
        final String seen = byName.entrySet().stream().map(e -> e.getKey() + " on CPU " + CpuList.text(e.getValue()))
            .collect(Collectors.joining(", "));
        if (byName.isEmpty()) {
            return Finding.unseen("governor", "", "no frequency scaling is visible here", ELSEWHERE);
        }
        return byName.keySet().equals(java.util.Set.of("performance")) ? Finding.ok("governor", "", seen)
            : Finding.warn("governor", "", seen, "cpupower frequency-set -g performance");
    }

    private Finding idleStates() {
        final Map<String, Integer> deep = new TreeMap<>();
        boolean any = false;
        for (final String cpu : cpus()) {
            for (final String state : host.list(CPUS + cpu + "/cpuidle")) {
                final String path = CPUS + cpu + "/cpuidle/" + state + "/";
                final int latency = host.read(path + "latency").map(Integer::parseInt).orElse(0);
                any = true;
                if (latency > SHALLOW_MICROS && host.read(path + "disable").orElse("0").equals("0")) {
                    deep.put(host.read(path + "name").orElse(state), latency);
                }
            }
        }
        if (!any) {
            return Finding.unseen("C-states", "", "no idle state is visible here", ELSEWHERE);
        }
        return deep.isEmpty() ? Finding.ok("C-states", "", "none that takes more than " + SHALLOW_MICROS + " µs to wake up from")
            : Finding.warn("C-states", "", deep.entrySet().stream().map(e -> e.getKey() + " takes " + e.getValue() + " µs to wake up from")
                .collect(Collectors.joining(", ")), "cpupower idle-set -D " + SHALLOW_MICROS);
    }

    private Finding isolated() {
        final CpuList isolated = CpuList.parse(host.read(CPUS + "isolated").orElse(""));
        final CpuList tickless = CpuList.parse(host.read(CPUS + "nohz_full").map(text -> text.contains("null") ? "" : text).orElse(""));
        final String seen = isolated.isEmpty() ? "no CPU is isolated: others' threads interrupt one that spins"
            : "CPU " + isolated + " isolated, " + (tickless.isEmpty() ? "none" : "CPU " + tickless) + " without the tick";
        if (isolated.isEmpty()) {
            return Finding.warn("isolation", "", seen,
                "kernel command line: isolcpus=managed_irq,domain,LIST nohz_full=LIST rcu_nocbs=LIST");
        }
        return isolated.meets(process.cpus()) ? Finding.ok("isolation", "", seen)
            : Finding.warn("isolation", "", seen + ", but the program may use CPU " + process.cpus() + " only", "taskset -c " + isolated
                + " java ..");
    }

    private Finding number() {
        final CpuList cpus = process.cpus();
        return cpus.cpus().size() > CROWDED ? Finding.ok("CPUs", "", "the program may use CPU " + cpus)
            : Finding.warn("CPUs", "", "the program may use CPU " + cpus + " only: a thread that spins leaves little for the others",
                "taskset -c LIST java .., or accel.profile=safe, which does not spin");
    }

    private Finding quota() {
        final Optional<String> found = process.controlGroup("").flatMap(group -> strictest(group, process.cpus().cpus().size()))
            .or(() -> process.controlGroup("cpu").flatMap(this::legacyQuota));
        return found.map(seen -> Finding.warn("CPU quota", "", seen + ": what spins uses it up, and then everything stands still",
            "systemctl set-property UNIT CPUQuota=, or start the container without --cpus"))
            .orElseGet(() -> Finding.ok("CPU quota", "", "none below the CPUs that the program may use"));
    }

    /** A quota of a group counts for those below it too. */
    private Optional<String> strictest(String group, int cpus) {
        for (String at = group; ; at = at.substring(0, Math.max(at.lastIndexOf('/'), 0))) {
            final String[] limit = host.read("/sys/fs/cgroup" + at + "/cpu.max").orElse("max 100000").split(" ");
            if (!limit[0].equals("max") && Long.parseLong(limit[0]) < cpus * Long.parseLong(limit[1])) {
                return Optional.of("control group " + (at.isEmpty() ? "/" : at) + " has " + limit[0] + " µs in " + limit[1]);
            }
            if (at.isEmpty() || at.equals("/")) {
                return Optional.empty();
            }
        }
    }

    private Optional<String> legacyQuota(String group) {
        final long quota = host.read("/sys/fs/cgroup/cpu" + group + "/cpu.cfs_quota_us").map(Long::parseLong).orElse(-1L);
        return quota < 0 ? Optional.empty() : Optional.of("control group " + group + " has " + quota + " µs in a period");
    }

    private Finding clock() {
        final String current = host.read(CLOCKS + "current_clocksource").orElse("");
        if (current.isEmpty()) {
            return Finding.unseen("clock source", "", "not told", "mount /sys");
        }
        if (FAST_CLOCKS.contains(current)) {
            return Finding.ok("clock source", "", current + ", read without a system call");
        }
        return Finding.warn("clock source", "", current + ": each System.nanoTime is a system call, or slower",
            List.of(host.read(CLOCKS + "available_clocksource").orElse("").split(" ")).contains("tsc")
                ? "echo tsc > " + CLOCKS + "current_clocksource" : "kernel command line: clocksource=tsc tsc=reliable, where the TSC is");
    }
}
