package io.accel.nio;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Blocks more virtual threads in receives and selects than there are carriers, then has each answer; before JDK 21 plain threads. */
final class VirtualThreadsChild {
    private static final int THREADS = 6;

    private VirtualThreadsChild() {
    }

    public static void main(String[] arguments) throws Exception {
        final InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        final DatagramChannel[] channels = new DatagramChannel[THREADS];
        final Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            final DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(loopback, 0));
            final boolean selects = i % 2 == 1;
            channels[i] = channel;
            threads[i] = start(() -> echo(channel, selects));
        }
        final ByteBuffer buffer = ByteBuffer.allocate(8);
        try (DatagramChannel client = DatagramChannel.open().bind(new InetSocketAddress(loopback, 0))) {
            for (int turn = 0; turn < 50; turn++) {
                for (int i = THREADS - 1; i >= 0; i--) {
                    client.send(buffer.clear(), channels[i].getLocalAddress());
                    if (!channels[i].getLocalAddress().equals(client.receive(buffer.clear()))) {
                        throw new AssertionError("an echo from elsewhere");
                    }
                }
            }
        }
        // A close must wake them as well.
        for (int i = 0; i < THREADS; i += 2) {
            channels[i].close();
            threads[i].join();
        }
        System.out.println("all answered");
        System.exit(0);
    }

    private static Thread start(Runnable work) throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            final Thread thread = new Thread(work);
            thread.start();
            return thread;
        }
        return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    }

    private static void echo(DatagramChannel channel, boolean selects) {
        final ByteBuffer buffer = ByteBuffer.allocate(8);
        try (Selector selector = Selector.open()) {
            if (selects) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            for (;;) {
                if (selects) {
                    selector.select();
                    selector.selectedKeys().clear();
                }
                final SocketAddress from = channel.receive(buffer.clear());
                if (from != null) {
                    channel.send(buffer.flip(), from);
                }
            }
        } catch (final java.nio.channels.ClosedChannelException e) {
            return;
        } catch (final java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
