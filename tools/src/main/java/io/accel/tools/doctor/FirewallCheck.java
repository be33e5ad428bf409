package io.accel.tools.doctor;

import io.accel.udp.address.IpVersion;
import io.accel.udp.route.FirewallVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Rules of the host that fast-path frames would bypass. @param rules as the provider asks for them, by device and version */
record FirewallCheck(BiFunction<String, IpVersion, FirewallVerdict> rules, Wanted wanted, String device) implements Check {
    @Override
    public List<Finding> findings() {
        final List<Finding> found = new ArrayList<>();
        for (final IpVersion version : IpVersion.values()) {
            found.add(finding(version, rules.apply(device, version)));
        }
        return found;
    }

    private Finding finding(IpVersion version, FirewallVerdict verdict) {
        final String check = "rules " + version.text();
        return switch (verdict.state()) {
            case CLEAR -> Finding.ok(check, device, "no netfilter, tc, IPsec or BPF rule matches UDP");
            case UNKNOWN -> Finding.unseen(check, device, verdict.what(), "run this as root");
            case MAY_MATCH -> wanted.configuration().get(io.accel.core.config.Options.FIREWALL).equals("ignore")
                ? Finding.warn(check, device, verdict.what() + ", which the fast path bypasses", "-Daccel.firewall=honour")
                : Finding.fail(check, device, verdict.what() + ", so that UDP stays with the kernel (FIREWALL)",
                    "remove the rule, or -Daccel.firewall=ignore if it need not apply");
        };
    }
}
