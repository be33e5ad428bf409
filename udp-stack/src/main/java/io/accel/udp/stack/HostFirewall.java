package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.udp.address.IpVersion;
import io.accel.udp.route.Firewall;
import io.accel.udp.route.FirewallVerdict;
import io.accel.udp.route.NetworkDevices;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The host's rules as the user wants them taken, and one log line when they change what we do. Any thread; slow. */
final class HostFirewall {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private record Traffic(String device, IpVersion version) {
    }

    private final boolean honoured;
    private final Firewall firewall;
    private final Map<Traffic, String> told = new ConcurrentHashMap<>();

    HostFirewall(Configuration configuration, NetworkDevices devices) {
        honoured = configuration.get(Options.FIREWALL).equals("honour");
        firewall = new Firewall(devices, System::nanoTime);
    }

    /** Whether rules may apply to UDP over this version on this device, and are to be honoured. */
    boolean mayMatch(String device, IpVersion version) {
        if (!honoured) {
            return false;
        }
        final FirewallVerdict verdict = verdict(device, version);
        if (verdict.mayMatch() && !verdict.what().equals(told.put(new Traffic(device, version), verdict.what()))) {
            LOGGER.log(Level.WARNING, "UDP over {0} on {1} stays with the kernel: {2}: {3}; {4}", version.text(), device,
                Reason.FIREWALL, verdict.what(), Reason.FIREWALL.remedy());
        } else if (!verdict.mayMatch() && told.remove(new Traffic(device, version)) != null) {
            LOGGER.log(Level.INFO, "UDP over {0} on {1} is free of rules again", version.text(), device);
        }
        return verdict.mayMatch();
    }

    /** What is known of the rules, honoured or not. */
    FirewallVerdict verdict(String device, IpVersion version) {
        return firewall.verdict(device, version);
    }

    boolean isHonoured() {
        return honoured;
    }
}
