package io.accel.nio;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;

/** A program that names our provider and looks at what it got. */
public final class ProviderChild {
    private ProviderChild() {
    }

    public static void main(String[] args) throws Exception {
        System.out.println(SelectorProvider.provider().getClass().getSimpleName());
        System.out.println(SelectorProvider.provider() == SelectorProvider.provider());
        try (DatagramChannel channel = DatagramChannel.open()) {
            System.out.println(channel.getClass().getSimpleName() + " "
                + ((InetSocketAddress) channel.bind(null).getLocalAddress()).getAddress().getClass().getSimpleName());
        }
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            System.out.println(channel.isOpen() ? "IPv6" : "closed");
        } catch (final UnsupportedOperationException e) {
            System.out.println("no IPv6: " + e.getMessage());
        }
        try (DatagramSocket one = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            one.setSoTimeout(10_000);
            one.send(new DatagramPacket(new byte[3], 3, one.getLocalSocketAddress()));
            final DatagramPacket got = new DatagramPacket(new byte[9], 9);
            one.receive(got);
            System.out.println(one.getClass().getSimpleName() + " " + one.getChannel() + " " + got.getLength());
        }
    }
}
