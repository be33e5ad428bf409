package io.accel.udp.path;

import java.io.IOException;

/** Decides whether an address may be the source of what has come in. */
public interface SourcePolicy {
    /**
     * Slow; called by whoever receives. Both are IPv4 addresses in host order.
     *
     * @throws IOException when it cannot be told now
     */
    boolean admits(int source, int destination) throws IOException;
}
