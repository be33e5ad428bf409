package io.accel.udp.address;

/** The end that a datagram over IPv6 came from, as a key; one that is set anew for each look-up costs no garbage. */
final class PeerKey {
    private long high;
    private long low;
    private long scopedPort;

    PeerKey set(long newHigh, long newLow, long newScopedPort) {
        high = newHigh;
        low = newLow;
        scopedPort = newScopedPort;
        return this;
    }

    PeerKey copy() {
        return new PeerKey().set(high, low, scopedPort);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerKey that && low == that.low && scopedPort == that.scopedPort && high == that.high;
    }

    @Override
    public int hashCode() {
        final long mixed = (high * 31 + low) * 31 + scopedPort;
        return (int) ((mixed ^ mixed >>> 32) * 0x9E3779B1);
    }
}
