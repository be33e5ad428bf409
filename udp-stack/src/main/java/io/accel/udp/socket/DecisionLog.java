package io.accel.udp.socket;

import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Path;
import java.util.ArrayDeque;
import java.util.List;

/** The last decisions of a socket, one per destination, for who asks why. Paths are asked for once a second, so this is on no hot path. */
final class DecisionLog {
    /** Destinations of which the last decision is kept. */
    private static final int KEPT = 16;

    private final ArrayDeque<Decision> decisions = new ArrayDeque<>(KEPT);

    synchronized void note(IpAddress destination, int port, Path path) {
        decisions.removeIf(each -> each.port() == port && each.destination().equals(destination));
        if (decisions.size() == KEPT) {
            decisions.removeFirst();
        }
        decisions.addLast(Decision.of(destination, port, path));
    }

    /** The latest last. Any thread. */
    synchronized List<Decision> list() {
        return List.copyOf(decisions);
    }
}
