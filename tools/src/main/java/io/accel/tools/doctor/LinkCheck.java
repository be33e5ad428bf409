package io.accel.tools.doctor;

import java.util.List;

/** Whether there is such an interface, with a link. */
record LinkCheck(HostFiles host, String device) implements Check {
    @Override
    public List<Finding> findings() {
        final String path = "/sys/class/net/" + device;
        if (!host.exists(path)) {
            return List.of(Finding.fail("link", device, "accel.interfaces names it, but there is no such interface", "ip link show"));
        }
        final String state = host.read(path + "/operstate").orElse("unknown");
        return List.of(state.equals("up") || state.equals("unknown") ? Finding.ok("link", device, state)
            : Finding.fail("link", device, state, "ip link set " + device + " up"));
    }
}
