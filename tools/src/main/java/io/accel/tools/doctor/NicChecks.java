package io.accel.tools.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the driver is set up: rings, queues and what spreads datagrams over them, offloads. */
record NicChecks(HostFiles host, HostCommands commands, Wanted wanted, String device) implements Check {
    @Override
    public List<Finding> findings() {
        if (commands.output(List.of("ethtool", "--version")).isEmpty()) {
            return List.of(queues(), Finding.unseen("ring, offloads", device, "ethtool is missing", "apt-get install ethtool"));
        }
        final Ethtool ethtool = new Ethtool(commands, device);
        return List.of(ring(ethtool), queues(), spreading(ethtool), offloads(ethtool));
    }

    private int receiveQueues() {
        return (int) host.list("/sys/class/net/" + device + "/queues").stream().filter(name -> name.startsWith("rx-")).count();
    }

    private Finding ring(Ethtool ethtool) {
        final Optional<Ethtool.Ring> ring = ethtool.receiveRing();
        if (ring.isEmpty()) {
            return Finding.ok("ring", device, "the driver has none to set");
        }
        final String seen = ring.get().current() + " of at most " + ring.get().most() + " receive descriptors";
        return ring.get().current() >= Math.min(ring.get().most(), wanted.ring()) ? Finding.ok("ring", device, seen)
            : Finding.warn("ring", device, seen + ": bursts longer than that are lost", "ethtool -G " + device + " rx "
                + Math.min(ring.get().most(), wanted.ring()));
    }

    private Finding queues() {
        final int queues = receiveQueues();
        final String seen = queues + (queues == 1 ? " receive queue" : " receive queues");
        if (wanted.isNamed("afxdp", device) && (long) queues * wanted.ring() > wanted.frames()) {
            return Finding.warn("queues", device, seen + " share " + wanted.frames() + " packet buffers, rings of " + wanted.ring()
                + " cannot all be filled", "-Daccel.afxdp.frames=" + Long.highestOneBit(2L * queues * wanted.ring() - 1)
                + ", or ethtool -L " + device + " combined 1");
        }
        return Finding.ok("queues", device, seen);
    }

    private Finding spreading(Ethtool ethtool) {
        final Optional<Boolean> ports = ethtool.hashesPorts();
        if (receiveQueues() < 2 || ports.isEmpty()) {
            return Finding.ok("RSS", device, receiveQueues() < 2 ? "one queue: nothing to spread" : "the driver tells nothing of UDP");
        }
        return ports.get() ? Finding.ok("RSS", device, "UDP is spread by address and port")
            : Finding.warn("RSS", device, "UDP is spread by address alone: all flows between two hosts share a queue",
                "ethtool -N " + device + " rx-flow-hash udp4 sdfn");
    }

    private Finding offloads(Ethtool ethtool) {
        final Map<String, String> features = ethtool.features();
        if (features.isEmpty()) {
            return Finding.ok("offloads", device, "the driver tells none");
        }
        final List<String> wrong = new ArrayList<>();
        final List<String> remedies = new ArrayList<>();
        harmful(features, "large-receive-offload", "lro", "LRO keeps drivers from running XDP themselves", wrong, remedies);
        harmful(features, "rx-gro-hw", "rx-gro-hw", "the NIC's GRO joins datagrams", wrong, remedies);
        harmful(features, "rx-udp-gro-forwarding", "rx-udp-gro-forwarding", "GRO joins datagrams", wrong, remedies);
        if (host.read("/proc/net/vlan/config").orElse("").lines().anyMatch(line -> line.strip().endsWith("| " + device))) {
            harmful(features, "rx-vlan-offload", "rxvlan", "VLAN tags are taken off, and XDP cannot tell tagged frames apart", wrong,
                remedies);
        }
        return wrong.isEmpty() ? Finding.ok("offloads", device, "none that changes what XDP sees")
            : Finding.warn("offloads", device, String.join("; ", wrong), "ethtool -K " + device + " " + String.join(" ", remedies));
    }

    private static void harmful(Map<String, String> features, String name, String key, String why, List<String> wrong,
                                List<String> remedies) {
        if ("on".equals(features.get(name))) {
            wrong.add(why);
            remedies.add(key + " off");
        }
    }
}
