package io.accel.udp.address;

/**
 * A UDP port and the interface index that a link-local address belongs to, as one number: port in bits 0 to 15, scope in 16 to 47. Beside
 * the two halves of an {@link IpAddress} it names one end of a datagram.
 */
public final class ScopedPort {
    private static final int PORT_BITS = 16;

    private ScopedPort() {
    }

    /** @param scope interface index, 0 for an address that needs none */
    public static long of(int port, int scope) {
        return (scope & 0xFFFFFFFFL) << PORT_BITS | port;
    }

    public static int port(long scopedPort) {
        return (int) scopedPort & 0xFFFF;
    }

    public static int scope(long scopedPort) {
        return (int) (scopedPort >>> PORT_BITS);
    }
}
