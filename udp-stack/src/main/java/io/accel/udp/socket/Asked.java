package io.accel.udp.socket;

import io.accel.core.Reason;
import io.accel.udp.address.IpVersion;
import io.accel.udp.path.PathWitness;
import io.accel.udp.route.Neighbour;
import io.accel.udp.route.Route;

/** Keeps what the kernel answered when a path was last asked for, for who looks from outside. Written once, then only read. */
public final class Asked implements PathWitness {
    private final PathWitness next;
    private volatile Route route;
    private volatile Neighbour neighbour;

    /** @param next is told as well */
    Asked(PathWitness next) {
        this.next = next;
    }

    @Override
    public void route(Route answer) {
        route = answer;
        next.route(answer);
    }

    @Override
    public void neighbour(Route of, Neighbour answer) {
        neighbour = answer;
        next.neighbour(of, answer);
    }

    @Override
    public void messages(Reason reason) {
        next.messages(reason);
    }

    @Override
    public void netInterface(String name, Reason reason) {
        next.netInterface(name, reason);
    }

    @Override
    public void firewall(String device, IpVersion version, boolean mayMatch) {
        next.firewall(device, version, mayMatch);
    }

    @Override
    public void receivers(int count, Reason reason) {
        next.receivers(count, reason);
    }

    @Override
    public void audience(boolean heardByKernel) {
        next.audience(heardByKernel);
    }

    /** Null: no route was asked for. */
    public Route route() {
        return route;
    }

    /** Null: no next hop was asked for. */
    public Neighbour neighbour() {
        return neighbour;
    }
}
