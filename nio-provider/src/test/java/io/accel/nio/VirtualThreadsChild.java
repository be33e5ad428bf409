package io.accel.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Blocks more virtual threads than there are carriers, in each way there is to wait, then has each answer; before JDK 21 plain threads.
 */
final class VirtualThreadsChild {
    private static final int THREADS = 8;

    /** How a thread waits. */
    private enum Wait {
        RECEIVE, SELECT, ADAPTOR, ADAPTOR_WITH_LIMIT
    }

    private VirtualThreadsChild() {
    }

    public static void main(String[] arguments) throws Exception {
        final InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        final DatagramChannel[] channels = new DatagramChannel[THREADS];
        final Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            final DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(loopback, 0));
            final Wait wait = Wait.values()[i % Wait.values().length];
            channels[i] = channel;
            threads[i] = start(() -> echo(channel, wait));
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
        // A close must wake them as well; a selector only by its next select.
        for (int i = 0; i < THREADS; i++) {
            if (Wait.values()[i % Wait.values().length] != Wait.SELECT) {
                channels[i].close();
                threads[i].join();
            }
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

    private static void echo(DatagramChannel channel, Wait wait) {
        try {
            switch (wait) {
                case RECEIVE -> echoBlocking(channel);
                case SELECT -> echoSelecting(channel);
                default -> echoByAdaptor(channel.socket(), wait == Wait.ADAPTOR ? 0 : 60_000);
            }
        } catch (final ClosedChannelException e) {
            return;
        } catch (final SocketException e) {
            if (channel.isOpen()) {
                throw new UncheckedIOException(e);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void echoBlocking(DatagramChannel channel) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(8);
        while (true) {
            final SocketAddress from = channel.receive(buffer.clear());
            channel.send(buffer.flip(), from);
        }
    }

    private static void echoSelecting(DatagramChannel channel) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(8);
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (true) {
                selector.select();
                selector.selectedKeys().clear();
                final SocketAddress from = channel.receive(buffer.clear());
                if (from != null) {
                    channel.send(buffer.flip(), from);
                }
            }
        }
    }

    private static void echoByAdaptor(DatagramSocket socket, int limitMillis) throws IOException {
        final DatagramPacket packet = new DatagramPacket(new byte[8], 8);
        socket.setSoTimeout(limitMillis);
        while (true) {
            socket.receive(packet);
            socket.send(packet);
        }
    }
}
