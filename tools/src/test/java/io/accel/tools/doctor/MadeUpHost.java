package io.accel.tools.doctor;

import io.accel.core.config.Configuration;
import io.accel.udp.address.IpVersion;
import io.accel.udp.route.FirewallVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A host of files and ethtool's answers; at first one on which there is nothing to mend, with CPU 2-5 and the interface eth1. */
final class MadeUpHost implements HostCommands {
    private final HostFiles files;
    private final Map<String, String> answers = new HashMap<>();
    private final Map<String, String> options = new HashMap<>(Map.of("accel.interfaces", "eth1:afxdp"));
    private FirewallVerdict rules = new FirewallVerdict(FirewallVerdict.State.CLEAR, "");

    MadeUpHost(Path root) throws IOException {
        files = new HostFiles(root);
        file("/proc/sys/kernel/osrelease", "6.1.0-18-amd64");
        file("/proc/sys/net/core/bpf_jit_enable", "1");
        file("/proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\nCpus_allowed_list:\t2-5\n");
        file("/proc/self/limits", "Limit   Soft Limit  Hard Limit  Units\nMax locked memory         8388608  8388608  bytes\n");
        file("/proc/self/cgroup", "0::/apps/one");
        file("/proc/self/environ", "PATH=/bin\0");
        file("/proc/meminfo", "MemTotal: 1 kB\nHugePages_Free:        0\n");
        file("/proc/1/comm", "systemd");
        file("/sys/fs/cgroup/apps/one/cpu.max", "max 100000");
        file("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        file("/sys/kernel/mm/transparent_hugepage/defrag", "always defer [madvise] never");
        file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
        file("/sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm");
        file("/sys/devices/system/cpu/isolated", "4-5");
        file("/sys/devices/system/cpu/nohz_full", "4-5");
        for (int cpu = 0; cpu < 6; cpu++) {
            final String path = "/sys/devices/system/cpu/cpu" + cpu;
            file(path + "/cpufreq/scaling_governor", "performance");
            file(path + "/cpuidle/state0/name", "POLL");
            file(path + "/cpuidle/state0/latency", "0");
            file(path + "/cpuidle/state1/name", "C6");
            file(path + "/cpuidle/state1/latency", "133");
            file(path + "/cpuidle/state1/disable", "1");
        }
        file("/sys/devices/system/node/node0/cpulist", "0-5");
        file("/sys/devices/system/node/node0/distance", "10 21");
        file("/sys/devices/system/node/node1/cpulist", "6-11");
        file("/sys/devices/system/node/node1/distance", "21 10");
        final String eth1 = "/sys/class/net/eth1";
        file(eth1 + "/operstate", "up");
        file(eth1 + "/device/numa_node", "0");
        file(eth1 + "/device/msi_irqs/40", "msix");
        file(eth1 + "/device/msi_irqs/41", "msix");
        file("/proc/irq/40/effective_affinity_list", "0");
        file("/proc/irq/41/effective_affinity_list", "1");
        file(eth1 + "/queues/rx-0/rps_cpus", "0");
        file(eth1 + "/queues/rx-1/rps_cpus", "0");
        file("/dev/shm/there", "");
        answer("--version", "ethtool version 6.1");
        answer("-g eth1", "Ring parameters for eth1:\nPre-set maximums:\nRX:\t\t4096\nRX Mini:\tn/a\nTX:\t\t4096\n"
            + "Current hardware settings:\nRX:\t\t2048\nRX Mini:\tn/a\nTX:\t\t1024\n");
        answer("-k eth1", "Features for eth1:\nrx-checksumming: on\nlarge-receive-offload: off\nrx-vlan-offload: on\n");
        answer("-n eth1 rx-flow-hash udp4", "UDP over IPV4 flows use these fields for computing Hash flow key:\nIP SA\nIP DA\n"
            + "L4 bytes 0 & 1 [TCP/UDP src port]\nL4 bytes 2 & 3 [TCP/UDP dst port]\n");
    }

    MadeUpHost file(String path, String text) throws IOException {
        final Path file = files.at(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
        return this;
    }

    void without(String path) throws IOException {
        try (var all = Files.walk(files.at(path))) {
            for (final Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    MadeUpHost answer(String arguments, String text) {
        answers.put("ethtool " + arguments, text);
        return this;
    }

    MadeUpHost option(String name, String value) {
        options.put(name, value);
        return this;
    }

    void rules(FirewallVerdict.State state, String what) {
        rules = new FirewallVerdict(state, what);
    }

    @Override
    public Optional<String> output(List<String> command) {
        return Optional.ofNullable(answers.get(String.join(" ", command)));
    }

    List<Finding> examine(String pid, String... devices) {
        return new Examination(files, new ProcessFiles(files, pid), new Wanted(Configuration.of(options, Map.of())), this)
            .run(List.of(devices), this::verdict);
    }

    private FirewallVerdict verdict(String device, IpVersion version) {
        return rules;
    }

    /** The findings that are not OK. */
    List<Finding> complaints() {
        return examine(ProcessFiles.SELF, "eth1").stream().filter(each -> each.status() != Status.OK).toList();
    }
}
