package io.accel.nio;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** A program that knows nothing of us: echoes each datagram, and sends some of its own to the port it is told, for ever. */
final class EchoChild {
    private EchoChild() {
    }

    /** @param arguments its port, or 0; a port to flood, or 0 */
    public static void main(String[] arguments) throws Exception {
        final InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        final int flooded = Integer.parseInt(arguments[1]);
        try (DatagramChannel channel = DatagramChannel.open(); Selector selector = Selector.open()) {
            channel.bind(new InetSocketAddress(loopback, Integer.parseInt(arguments[0])));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            System.out.println(((InetSocketAddress) channel.getLocalAddress()).getPort());
            if (flooded != 0) {
                final Thread flooding = new Thread(() -> flood(channel, new InetSocketAddress(loopback, flooded)));
                flooding.setDaemon(true);
                flooding.start();
            }
            final ByteBuffer buffer = ByteBuffer.allocateDirect(65_507);
            for (;;) {
                selector.select();
                selector.selectedKeys().clear();
                for (SocketAddress from = channel.receive(buffer.clear()); from != null; from = channel.receive(buffer.clear())) {
                    channel.send(buffer.flip(), from);
                }
            }
        }
    }

    private static void flood(DatagramChannel channel, SocketAddress to) {
        final ByteBuffer own = ByteBuffer.allocateDirect(1000);
        try {
            for (int i = 0;; i++) {
                own.clear().limit(Payload.length(i));
                channel.send(Payload.fill(own, i), to);
                if ((i & 63) == 0) {
                    Thread.yield();
                }
            }
        } catch (final java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
