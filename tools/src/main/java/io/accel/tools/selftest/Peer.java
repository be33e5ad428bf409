package io.accel.tools.selftest;

import io.accel.tools.ToolException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.List;

/** Where the other end is, and which of our addresses the kernel takes to reach it. */
record Peer(InetSocketAddress address, InetAddress source) {
    /** @param text HOST, HOST:PORT or [IPV6]:PORT */
    static Peer of(String text, List<InetAddress> ours, String interfaceName) throws IOException {
        final InetSocketAddress address = parse(text);
        final InetAddress source = sourceTo(address);
        if (!ours.contains(source)) {
            throw new ToolException("the way to " + address.getAddress().getHostAddress() + " starts at " + source.getHostAddress()
                + ", which is no address of " + interfaceName + ": name a peer that is reached through " + interfaceName
                + " ('ip route get " + address.getAddress().getHostAddress() + "')");
        }
        return new Peer(address, source);
    }

    String text() {
        return address.getAddress().getHostAddress() + " port " + address.getPort() + " from " + source.getHostAddress();
    }

    static InetSocketAddress parse(String text) throws ToolException {
        final int colon = text.lastIndexOf(':');
        final boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        try {
            final InetAddress host = InetAddress.getByName(hasPort ? text.substring(0, colon) : text);
            return new InetSocketAddress(host, hasPort ? Integer.parseInt(text.substring(colon + 1)) : EchoCommand.PORT);
        } catch (final UnknownHostException e) {
            throw new ToolException("there is no host " + text, e);
        } catch (final IllegalArgumentException e) {
            throw new ToolException("'" + text + "' is no HOST or HOST:PORT", e);
        }
    }

    private static InetAddress sourceTo(InetSocketAddress peer) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(peer);
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        } catch (final SocketException e) {
            throw new ToolException("the kernel has no way to " + peer + ": " + e.getMessage(), e);
        }
    }
}
