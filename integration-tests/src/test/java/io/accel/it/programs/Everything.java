package io.accel.it.programs;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * Datagrams, TCP and a pipe in one selector, as a program does it that never heard of Accel; at the end it tells by reflection what it
 * ran on. With the argument {@code manager} it sets a security manager first.
 */
public final class Everything {
    private static final int ROUNDS = 200;

    private Everything() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            SelectorProvider.provider();
            setSecurityManager();
        }
        final InetSocketAddress loopback = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        try (Selector selector = Selector.open();
            DatagramChannel receiver = DatagramChannel.open().bind(loopback);
            DatagramChannel sender = DatagramChannel.open().bind(loopback);
            ServerSocketChannel server = ServerSocketChannel.open().bind(loopback);
            SocketChannel client = SocketChannel.open(server.getLocalAddress());
            SocketChannel accepted = server.accept()) {
            final Pipe pipe = Pipe.open();
            receiver.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
            sender.connect(receiver.getLocalAddress());
            receiver.connect(sender.getLocalAddress());
            for (int round = 0; round < ROUNDS; round++) {
                for (final WritableByteChannel to : new WritableByteChannel[] {(ByteChannel) sender, client, pipe.sink()}) {
                    expect(selector, to, round);
                }
            }
            pipe.sink().close();
            pipe.source().close();
            System.out.println("channel=" + receiver.getClass().getName());
        }
        System.out.println("provider=" + SelectorProvider.provider().getClass().getName());
        System.out.println("state=" + state());
        System.out.println("traffic=ok");
    }

    private static void expect(Selector selector, WritableByteChannel to, int value) throws IOException {
        to.write(ByteBuffer.allocate(4).putInt(0, value));
        final ByteBuffer got = ByteBuffer.allocate(4);
        while (got.hasRemaining()) {
            if (selector.select(10_000) != 1) {
                throw new IOException("nothing came in round " + value + " through " + to);
            }
            ((ReadableByteChannel) selector.selectedKeys().iterator().next().channel()).read(got);
            selector.selectedKeys().clear();
        }
        if (got.getInt(0) != value) {
            throw new IOException("round " + value + " brought " + got.getInt(0) + " through " + to);
        }
    }

    private static String state() {
        try {
            final Class<?> accel = Class.forName("io.accel.nio.Accel");
            if ((boolean) accel.getMethod("isAvailable").invoke(null)) {
                return "available";
            }
            final Object cause = accel.getMethod("unavailabilityCause").invoke(null);
            if (cause == null) {
                return "unused";
            }
            final Method reason = cause.getClass().getMethod("reason");
            return "unavailable " + reason.invoke(cause);
        } catch (final ClassNotFoundException e) {
            return "absent";
        } catch (final ReflectiveOperationException e) {
            throw new AssertionError("Accel tells its state", e);
        }
    }

    @SuppressWarnings("removal")
    private static void setSecurityManager() {
        System.setSecurityManager(new SecurityManager() {
            @Override
            public void checkPermission(java.security.Permission permission) {
                // Everything is allowed: what matters is that one is set.
            }
        });
    }
}
