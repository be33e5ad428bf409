package io.accel.udp.path;

import io.accel.udp.address.IpAddress;
import java.io.IOException;

/** Decides whether an address may be the source of what has come in. */
public interface SourcePolicy {
    /** In place of a destination where it does not count. */
    int ANY_DESTINATION = 0;

    /**
     * Slow; called by whoever receives.
     *
     * @param destination IPv4 address in host order, or {@link #ANY_DESTINATION}
     * @throws IOException when it cannot be told now
     */
    boolean admits(IpAddress source, int destination) throws IOException;
}
