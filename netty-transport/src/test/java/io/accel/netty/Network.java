package io.accel.netty;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Where tests have their channels: both on the loopback interface, or each at its end of a wire that both ends drive by AF_XDP. */
final class Network {
    static final boolean WIRE = "afxdp".equals(System.getProperty("accel.test.network"));
    /** Whether every datagram goes through the kernel. */
    static final boolean KERNEL_ONLY = "none".equals(System.getProperty("accel.interfaces"));
    static final InetAddress CLIENT = address(WIRE ? "10.77.0.1" : "127.0.0.1");
    static final InetAddress SERVER = address(WIRE ? "10.77.0.2" : "127.0.0.1");
    /** Another address of the client's interface. */
    static final InetAddress CLIENT_TOO = address(WIRE ? "10.77.0.3" : "127.0.0.2");

    private Network() {
    }

    /** Why there is no such network, or null. */
    static String refusal() {
        return System.getProperty("accel.test.refusal");
    }

    /** The interface that has one of these addresses. */
    static NetworkInterface interfaceOf(InetAddress address) {
        try {
            return NetworkInterface.getByName(!WIRE ? "lo" : address.equals(SERVER) ? "far" : "near");
        } catch (final SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (final UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
