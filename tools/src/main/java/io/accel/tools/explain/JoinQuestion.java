package io.accel.tools.explain;

import io.accel.udp.stack.DryRun;
import io.accel.udp.state.DryVerdict;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Who would receive a group for a socket. */
@Command(name = "join", mixinStandardHelpOptions = true,
    description = "How a group's datagrams would come to a socket that joins it, decision by decision, before any program runs.",
    footer = {"", "As in: explain join 239.1.2.3%eth1:7000. Without a port nobody can be looked for who hears the group too.",
        "The group is not joined, so the network hears nothing of the question.",
        "Status 0: on the fast path; 1: by the kernel, or the kernel would refuse it; 2: a wrong command line."})
final class JoinQuestion extends DryQuestion {
    @Parameters(paramLabel = "GROUP[%IFACE][:PORT]",
        description = "for instance 239.1.2.3%%eth1:7000, [ff15::1%%eth1]:7000; default of IFACE: as the kernel chooses")
    private String group;

    @Override
    DryVerdict ask(DryRun dryRun) throws IOException {
        final EndPoint asked = endPoint(group);
        if (asked.address() == null || !asked.address().isMulticastAddress()) {
            throw misuse("'" + group + "' is no group: those of IPv4 are 224.0.0.0 to 239.255.255.255, those of IPv6 begin with ff");
        }
        final boolean ofIpv4 = asked.address() instanceof Inet4Address;
        try (DryShadow shadow = DryShadow.open(new InetSocketAddress(asked.port()), ofIpv4, true)) {
            return dryRun.join(shadow.address(), asked.address(), asked.scope());
        }
    }
}
