package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
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

    private final boolean honoured;
    private final Firewall firewall;
    private final Map<String, String> told = new ConcurrentHashMap<>();

    HostFirewall(Configuration configuration, NetworkDevices devices) {
        honoured = configuration.get(Options.FIREWALL).equals("honour");
        firewall = new Firewall(devices, System::nanoTime);
    }

    /** Whether rules may apply to UDP on this device, and are to be honoured. */
    boolean mayMatch(String device) {
        if (!honoured) {
            return false;
        }
        final FirewallVerdict verdict = firewall.verdict(device);
        if (verdict.mayMatch() && !verdict.what().equals(told.put(device, verdict.what()))) {
            LOGGER.log(Level.WARNING, "UDP on {0} stays with the kernel: {1}: {2}; {3}", device, Reason.FIREWALL, verdict.what(),
                Reason.FIREWALL.remedy());
        } else if (!verdict.mayMatch() && told.remove(device) != null) {
            LOGGER.log(Level.INFO, "UDP on {0} is free of rules again", device);
        }
        return verdict.mayMatch();
    }
}
