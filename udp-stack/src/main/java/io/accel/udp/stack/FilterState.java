package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.vi.FilterSpec;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * What an interface takes for a socket, or does not, at one moment.
 *
 * @param netInterface its name
 * @param stream       to what address and port, and from whom
 * @param mode         as {@code steal}; null: it is not installed
 * @param channel      the socket's local address
 * @param reason       why it is not installed; null: it is
 */
record FilterState(String netInterface, String stream, String mode, String channel, Reason reason) {
    static FilterState of(String netInterface, FilterSpec spec, String mode, UdpSocket socket, Reason reason) {
        final String to = SocketText.address(new InetSocketAddress(spec.local(), spec.localPort().orElse(0)));
        final String from = spec.remote() == null ? "" : " from "
            + SocketText.address(new InetSocketAddress(spec.remote(), spec.remotePort().orElse(0)));
        return new FilterState(netInterface, to + from, mode == null ? null : mode.toLowerCase(Locale.ROOT),
            SocketText.address(socket.local()), reason);
    }
}
