package io.accel.netty;

import io.netty.channel.socket.SocketProtocolFamily;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/** Where tests have their channels: both on the loopback interface, or each at its end of a wire whose both ends we drive. */
final class Network {
    /** The wire's datapath, or null. */
    static final String NAME = System.getProperty("accel.test.network");
    static final boolean WIRE = NAME != null;
    /** Whether every datagram goes through the kernel. */
    static final boolean KERNEL_ONLY = "none".equals(System.getProperty("accel.interfaces"));
    /** Whether datagrams come in frames that a program may keep: EFCT borrows its packets from the NIC, others do not lie in frames. */
    static final boolean LENDS = "afxdp".equals(NAME) || "efvi".equals(NAME) && !"x3".equals(System.getenv("SIM_NIC"));
    static final InetAddress CLIENT = address(WIRE ? "10.77.0.1" : "127.0.0.1");
    static final InetAddress SERVER = address(WIRE ? "10.77.0.2" : "127.0.0.1");
    /** Another address of the client's interface. */
    static final InetAddress CLIENT_TOO = address(WIRE ? "10.77.0.3" : "127.0.0.2");

    /** Why there is no such network, or null. */
    static String refusal() {
        return System.getProperty("accel.test.refusal");
    }

    static final InetAddress CLIENT6 = address(WIRE ? "fd00:77::1" : "::1");
    static final InetAddress SERVER6 = address(WIRE ? "fd00:77::2" : "::1");

    private static final AtomicInteger TURN = new AtomicInteger();

    private Network() {
    }

    /** Another end at each call: of two channels that are bound in turn, neither is at the other's. */
    static InetSocketAddress anEnd(SocketProtocolFamily family) {
        final boolean client = (TURN.getAndIncrement() & 1) == 0;
        return new InetSocketAddress(family == SocketProtocolFamily.INET ? client ? CLIENT : SERVER : client ? CLIENT6 : SERVER6, 0);
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
