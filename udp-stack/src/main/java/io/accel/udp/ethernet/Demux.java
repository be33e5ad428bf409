package io.accel.udp.ethernet;

import io.accel.udp.endpoint.UdpEndpoint;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Which endpoint a datagram is for: by port, then by address, the connected before the unconnected. Look-ups from any thread. */
final class Demux {
    private static final int PORTS = 1 << 16;

    private final AtomicReferenceArray<UdpEndpoint[]> ports = new AtomicReferenceArray<>(PORTS);

    /** The endpoint for a datagram, or null. Addresses are the halves of an {@link io.accel.udp.address.IpAddress}. */
    UdpEndpoint find(long toHigh, long toLow, int toPort, long fromHigh, long fromLow, long fromScopedPort) {
        final UdpEndpoint[] candidates = ports.get(toPort);
        if (candidates == null) {
            return null;
        }
        UdpEndpoint found = null;
        for (final UdpEndpoint each : candidates) {
            if (each.accepts(toHigh, toLow, fromHigh, fromLow, fromScopedPort) && (found == null || each.isMoreSpecificThan(found))) {
                found = each;
            }
        }
        return found;
    }

    /** All endpoints of a port: a datagram to a group is for each member among them. Not to be written; null: none. */
    UdpEndpoint[] onPort(int port) {
        return ports.get(port);
    }

    synchronized void add(UdpEndpoint endpoint) {
        final UdpEndpoint[] old = ports.get(endpoint.localPort());
        final UdpEndpoint[] grown = old == null ? new UdpEndpoint[1] : Arrays.copyOf(old, old.length + 1);
        grown[grown.length - 1] = endpoint;
        ports.set(endpoint.localPort(), grown);
    }

    synchronized void remove(UdpEndpoint endpoint) {
        final UdpEndpoint[] old = ports.get(endpoint.localPort());
        if (old != null) {
            final UdpEndpoint[] left = Arrays.stream(old).filter(e -> e != endpoint).toArray(UdpEndpoint[]::new);
            ports.set(endpoint.localPort(), left.length == 0 ? null : left);
        }
    }
}
