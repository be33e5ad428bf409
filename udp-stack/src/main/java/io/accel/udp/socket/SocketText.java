package io.accel.udp.socket;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Addresses as users write them. */
public final class SocketText {
    private SocketText() {
    }

    /** For instance {@code 10.0.0.1:9000} or {@code [::1]:9000}. */
    public static String address(InetSocketAddress address) {
        if (address == null) {
            return "unbound";
        }
        final String host = address.getAddress().getHostAddress();
        final boolean wildcard = address.getAddress().isAnyLocalAddress();
        if (address.getAddress() instanceof Inet6Address) {
            return (wildcard ? "[::]" : "[" + host + "]") + ":" + address.getPort();
        }
        return host + ":" + address.getPort();
    }
}
