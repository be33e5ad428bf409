package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.natives.Errno;
import io.accel.udp.address.IpVersion;
import io.accel.udp.path.PathWitness;
import io.accel.udp.route.Neighbour;
import io.accel.udp.route.NeighbourState;
import io.accel.udp.route.Route;
import io.accel.udp.state.DryStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The steps of a dry run, told in words as the resolvers take them. */
final class DrySteps implements PathWitness {
    private final List<DryStep> steps = new ArrayList<>();
    private final HostFirewall firewall;
    private final Interfaces interfaces;

    DrySteps(HostFirewall firewall, Interfaces interfaces) {
        this.firewall = firewall;
        this.interfaces = interfaces;
    }

    void add(String about, String answer, Reason reason) {
        steps.add(new DryStep(about, answer, reason));
    }

    List<DryStep> list() {
        return List.copyOf(steps);
    }

    @Override
    public void route(Route route) {
        switch (route.type()) {
            case LOCAL -> add("route", "an address of this host", null);
            case UNICAST, MULTICAST -> add("route", "by " + route.ifName()
                + (route.source() == null ? "" : " from " + route.source().getHostAddress())
                + (route.gateway() ? ", next hop " + route.nextHop().getHostAddress() : "") + ", MTU " + route.mtu()
                + (route.mtuLearned() ? " as a router has told" : "") + (route.mtuLocked() ? ", locked" : ""),
                route.unsupported() ? Reason.UNSUPPORTED_ROUTE : null);
            case BROADCAST -> add("route", "a broadcast address of " + route.ifName(), Reason.BROADCAST);
            default -> add("route", route.errno() != 0 ? Errno.text(route.errno()) : route.type().name().toLowerCase(Locale.ROOT),
                Reason.NO_ROUTE);
        }
    }

    @Override
    public void messages(Reason reason) {
        add("shared memory", reason == null ? "open" : reason.text(), reason);
    }

    @Override
    public void netInterface(String name, Reason reason) {
        netInterface(name, reason, "accelerated");
    }

    /** An interface that is not open, with what its datapath says to that. @param open what to say otherwise */
    void netInterface(String name, Reason reason, String open) {
        final String refusal = interfaces.refusals().get(name);
        add("interface " + name, reason == null ? open : refusal != null ? refusal.substring(refusal.indexOf(": ") + 2) : reason.text(),
            reason);
    }

    @Override
    public void firewall(String device, IpVersion version, boolean mayMatch) {
        final String about = "firewall on " + device;
        if (!firewall.isHonoured()) {
            add(about, "not asked, as accel.firewall=ignore says", null);
        } else {
            final String what = firewall.verdict(device, version).what();
            add(about, mayMatch ? what : what.isEmpty() ? "no rule may match " + version.text() : "no known rule may match; " + what,
                mayMatch ? Reason.FIREWALL : null);
        }
    }

    @Override
    public void neighbour(Route route, Neighbour nextHop) {
        final boolean usable = nextHop.state().usable() && nextHop.state() != NeighbourState.NOARP;
        final String hop = route.nextHop().getHostAddress();
        add("neighbour", usable ? hop + " has " + mac(nextHop.mac()) + ", " + nextHop.state().name().toLowerCase(Locale.ROOT)
            : "the MAC address of " + hop + " is not known; what is sent makes the kernel ask for it",
            usable ? null : Reason.NEIGHBOUR_UNRESOLVED);
    }

    static String mac(long mac) {
        return String.format(Locale.ROOT, "%012x", mac).replaceAll("(..)(?=.)", "$1:");
    }

    @Override
    public void receivers(int count, Reason reason) {
        add("receiver", count > 0 ? count + " with Accel on this host" : reason.text(), reason);
    }

    @Override
    public void audience(boolean heardByKernel) {
        add("others", heardByKernel ? "a socket of this host hears the group by the kernel alone" : "nobody hears it by the kernel alone",
            heardByKernel ? Reason.GROUP_SHARED : null);
    }
}
