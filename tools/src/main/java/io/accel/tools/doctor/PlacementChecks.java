package io.accel.tools.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where an interface is, and interrupts, in relation to the CPUs that the program may use. */
record PlacementChecks(HostFiles host, ProcessFiles process, String device) implements Check {
    private static final String NODES = "/sys/devices/system/node/";
    private static final int HERE = 10;

    @Override
    public List<Finding> findings() {
        return List.of(interrupts(), distance());
    }

    private String sys(String name) {
        return "/sys/class/net/" + device + "/" + name;
    }

    /** The device's own, or for one on a virtual bus that of the device that the bus hangs on. */
    private List<String> interruptNumbers() {
        final List<String> own = host.list(sys("device/msi_irqs"));
        return own.isEmpty() ? host.list(sys("device/../msi_irqs")) : own;
    }

    private Finding interrupts() {
        final Map<String, TreeSet<Integer>> byCpus = new TreeMap<>();
        final TreeSet<Integer> all = new TreeSet<>();
        for (final String number : interruptNumbers()) {
            final String irq = "/proc/irq/" + number + "/";
            host.read(irq + "effective_affinity_list").filter(list -> !list.isEmpty()).or(() -> host.read(irq + "smp_affinity_list"))
                .ifPresent(list -> {
                    byCpus.computeIfAbsent(list, cpus -> new TreeSet<>()).add(Integer.parseInt(number));
                    all.addAll(CpuList.parse(list).cpus());
                });
        }
        if (byCpus.isEmpty()) {
            return host.exists(sys("device"))
                ? Finding.unseen("IRQ affinity", device, "its interrupts are not visible", "grep " + device + " /proc/interrupts")
                : Finding.ok("IRQ affinity", device, "a device without interrupts");
        }
        final List<String> parts = new ArrayList<>();
        byCpus.forEach((cpus, numbers) -> parts.add("IRQ " + CpuList.text(numbers) + " on CPU " + cpus));
        final String seen = String.join(", ", parts);
        final CpuList isolated = CpuList.parse(host.read("/sys/devices/system/cpu/isolated").orElse(""));
        if (isolated.meets(new CpuList(all))) {
            return Finding.warn("IRQ affinity", device, seen + ": CPU " + isolated + " is isolated, but takes interrupts",
                "echo LIST > /proc/irq/N/smp_affinity_list, for each");
        }
        if (isBalanced()) {
            return Finding.warn("IRQ affinity", device, seen + ", and irqbalance moves them", "systemctl disable --now irqbalance");
        }
        return Finding.ok("IRQ affinity", device, seen);
    }

    private boolean isBalanced() {
        return host.list("/proc").stream().filter(name -> !name.isEmpty() && Character.isDigit(name.charAt(0)))
            .anyMatch(pid -> host.read("/proc/" + pid + "/comm").orElse("").equals("irqbalance"));
    }

    private Finding distance() {
        final int node = host.read(sys("device/numa_node")).or(() -> host.read(sys("device/../numa_node"))).map(Integer::parseInt)
            .orElse(-1);
        final Map<Integer, CpuList> nodes = new TreeMap<>();
        for (final String name : host.list(NODES)) {
            if (name.matches("node[0-9]+")) {
                nodes.put(Integer.parseInt(name.substring(4)), CpuList.parse(host.read(NODES + name + "/cpulist").orElse("")));
            }
        }
        if (nodes.size() < 2) {
            return Finding.ok("NUMA", device, "the machine has one node");
        }
        if (!nodes.containsKey(node)) {
            return Finding.ok("NUMA", device, "the device belongs to no node");
        }
        final List<String> farther = new ArrayList<>();
        final String[] distances = host.read(NODES + "node" + node + "/distance").orElse("").split("\\s+");
        final List<Integer> sorted = List.copyOf(nodes.keySet());
        nodes.forEach((other, cpus) -> {
            final int at = sorted.indexOf(other);
            if (other != node && cpus.meets(process.cpus())) {
                farther.add("node " + other + " (CPU " + cpus + "), distance "
                    + (at < distances.length ? distances[at] : "?") + " instead of " + HERE);
            }
        });
        return farther.isEmpty() ? Finding.ok("NUMA", device, "on node " + node + ", as the CPUs that the program may use")
            : Finding.warn("NUMA", device, "on node " + node + " (CPU " + nodes.get(node) + "), but the program may run on "
                + String.join(", ", farther), "numactl --cpunodebind=" + node + " --membind=" + node + " java ..");
    }
}
