package io.accel.udp.socket;

import io.accel.udp.address.IpAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/** The last decisions of a socket, one per destination, for who asks why. Paths are asked for once a second, so this is on no hot path. */
final class DecisionLog {
    /** Destinations of which the last decision is kept. */
    private static final int KEPT = 16;

    private final ArrayDeque<Decision> decisions = new ArrayDeque<>(KEPT);

    /** @return the decision before it on the same destination, or null */
    synchronized Decision note(Decision decision) {
        final Decision before = remove(decision.destination(), decision.port());
        if (decisions.size() == KEPT) {
            decisions.removeFirst();
        }
        decisions.addLast(decision);
        return before;
    }

    private Decision remove(IpAddress destination, int port) {
        for (final Iterator<Decision> each = decisions.iterator(); each.hasNext();) {
            final Decision decision = each.next();
            if (decision.port() == port && decision.destination().equals(destination)) {
                each.remove();
                return decision;
            }
        }
        return null;
    }

    /** The latest last. Any thread. */
    synchronized List<Decision> list() {
        return List.copyOf(decisions);
    }
}
