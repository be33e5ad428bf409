package io.accel.tools.doctor;

import io.accel.udp.address.IpVersion;
import io.accel.udp.route.FirewallVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** All checks, of the host and then of each interface. */
record Examination(HostFiles host, ProcessFiles process, Wanted wanted, HostCommands commands) {
    List<Finding> run(List<String> devices, BiFunction<String, IpVersion, FirewallVerdict> rules) {
        final List<Check> checks = new ArrayList<>(List.of(new SystemChecks(host, process, wanted), new CpuChecks(host, process),
            new MemoryChecks(host, process, wanted), new JvmChecks(process)));
        for (final String device : devices) {
            checks.add(new LinkCheck(host, device));
            if (host.exists("/sys/class/net/" + device)) {
                checks.add(new PlacementChecks(host, process, device));
                checks.add(new NicChecks(host, commands, wanted, device));
                checks.add(new FirewallCheck(rules, wanted, device));
            }
        }
        return checks.stream().flatMap(check -> check.findings().stream()).toList();
    }
}
