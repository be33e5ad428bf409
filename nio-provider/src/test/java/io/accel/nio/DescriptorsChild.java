package io.accel.nio;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** A program that counts its descriptors around each step of its first bound, and its first registered, channel. */
public final class DescriptorsChild {
    private static int before;

    private DescriptorsChild() {
    }

    public static void main(String[] args) throws Exception {
        final InetSocketAddress local = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        DatagramChannel.open().close();
        try (Selector selector = Selector.open()) {
            Resources.descriptors();
            before = Resources.descriptors();
            final DatagramChannel channel = DatagramChannel.open();
            tell("opened");
            channel.bind(local);
            tell("bound");
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            tell("registered");
            selector.selectNow();
            tell("selected");
            channel.close();
            tell("closed");
            selector.selectNow();
            tell("flushed");
        }
    }

    private static void tell(String step) {
        System.out.println(step + " " + (Resources.descriptors() - before));
    }
}
