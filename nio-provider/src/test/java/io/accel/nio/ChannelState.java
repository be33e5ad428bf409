package io.accel.nio;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** What a channel has been through before a call. Each is made afresh. */
enum ChannelState {
    UNBOUND, INET, BOUND, CONNECTED, NON_BLOCKING, NON_BLOCKING_CONNECTED, REGISTERED, CLOSED_UNBOUND, CLOSED, CLOSED_CONNECTED,
    CLOSED_NON_BLOCKING, CLOSED_NON_BLOCKING_CONNECTED, CLOSED_REGISTERED;

    /** Whether a receive without a datagram would wait. */
    boolean canBlock() {
        return this == UNBOUND || this == INET || this == BOUND || this == CONNECTED;
    }

    /** @param peer what a connected one is connected to, and bound to the same host's other end */
    DatagramChannel open(Pairing pairing, Selector selector, InetSocketAddress peer) throws Exception {
        final var provider = pairing.provider();
        final DatagramChannel channel = this == INET ? provider.openDatagramChannel(StandardProtocolFamily.INET)
            : provider.openDatagramChannel();
        if (this != UNBOUND && this != INET && this != CLOSED_UNBOUND) {
            channel.bind(new InetSocketAddress(Network.HERE.near(), 0));
        }
        if (name().endsWith("CONNECTED")) {
            channel.connect(peer);
        }
        if (name().contains("NON_BLOCKING")) {
            channel.configureBlocking(false);
        }
        if (name().endsWith("REGISTERED")) {
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        }
        if (name().startsWith("CLOSED")) {
            channel.close();
        }
        return channel;
    }

    /** What a program can see of it. */
    static String seen(DatagramChannel channel) {
        final StringBuilder text = new StringBuilder(channel.isOpen() ? "open" : "closed");
        text.append(channel.isBlocking() ? " blocking" : "").append(channel.isConnected() ? " connected" : "")
            .append(channel.isRegistered() ? " registered" : "");
        text.append(" local ").append(Answer.of(channel, channel::getLocalAddress));
        text.append(" remote ").append(Answer.of(channel, channel::getRemoteAddress));
        final var socket = channel.socket();
        text.append(" socket").append(socket.isBound() ? " bound" : "").append(socket.isConnected() ? " connected" : "")
            .append(socket.isClosed() ? " closed" : "").append(" at ").append(socket.getLocalAddress())
            .append(Integer.signum(socket.getLocalPort())).append(" to ").append(Answer.of(socket, socket::getRemoteSocketAddress))
            .append(Integer.signum(socket.getPort()));
        return text.toString();
    }
}
