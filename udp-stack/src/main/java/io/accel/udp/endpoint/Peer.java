package io.accel.udp.endpoint;

import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;

/** The only end that a connected endpoint takes datagrams from. */
record Peer(long high, long low, long scopedPort) {
    static Peer of(IpAddress address, int port) {
        return new Peer(address.high(), address.low(), ScopedPort.of(port, address.scope()));
    }

    boolean is(long otherHigh, long otherLow, long otherScopedPort) {
        return low == otherLow && scopedPort == otherScopedPort && high == otherHigh;
    }
}
