package io.accel.udp.path;

import io.accel.core.Reason;
import io.accel.udp.address.IpVersion;
import io.accel.udp.route.Neighbour;
import io.accel.udp.route.Route;

/**
 * Is told what a resolver asks, in the order in which it asks, and what it is answered: whoever explains a path tells the very steps that
 * decided it. On the thread that resolves; what is not told was not asked, since an answer before it decided.
 */
public interface PathWitness {
    /** Nobody. */
    PathWitness NONE = new PathWitness() {
    };

    /** The kernel's route. */
    default void route(Route route) {
    }

    /** Whether the message medium is there for a destination on this host. @param reason why not, or null */
    default void messages(Reason reason) {
    }

    /** Whether the interface that the route names is accelerated. @param reason why not, or null */
    default void netInterface(String name, Reason reason) {
    }

    /** Whether the host's rules may match. */
    default void firewall(String device, IpVersion version, boolean mayMatch) {
    }

    /** What the kernel knows of the next hop. */
    default void neighbour(Route route, Neighbour nextHop) {
    }

    /** Whether one receiver, or members of a group, can be sent messages on this host. @param reason why not, or null */
    default void receivers(int count, Reason reason) {
    }

    /** Whether sockets of this host hear the group by the kernel alone. */
    default void audience(boolean heardByKernel) {
    }
}
