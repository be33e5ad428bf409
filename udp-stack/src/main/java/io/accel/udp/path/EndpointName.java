package io.accel.udp.path;

/** How an address and a port are named in the message medium's directory. */
public final class EndpointName {
    private EndpointName() {
    }

    /** @param address IPv4, host order; 0: every local address */
    public static String ipv4(int address, int port) {
        return "4." + Integer.toHexString(port) + "." + Integer.toHexString(address);
    }

    /** What a socket is named besides while others share its port; of the same stripe as the port's addresses. */
    public static String shared(int port) {
        return "4." + Integer.toHexString(port) + ".shared";
    }

    /** Of one that is connected, for those who send from its peer. Addresses are IPv4, host order. */
    public static String connected(int address, int port, int peer, int peerPort) {
        return ipv4(address, port) + "x" + Integer.toHexString(peer) + "x" + Integer.toHexString(peerPort);
    }
}
