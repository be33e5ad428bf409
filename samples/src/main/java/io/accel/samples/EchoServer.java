package io.accel.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.function.Consumer;

/** One selector, many UDP ports: sends every datagram back from the port that it came to. */
public final class EchoServer {
    /** Datagrams taken from one port before the others get their turn. */
    private static final int BATCH = 32;

    private final ByteBuffer message;
    private long echoed;
    private long dropped;
    private boolean finished;

    private EchoServer(boolean heap) {
        message = Message.buffer(heap, Message.MAX_BYTES);
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("EchoServer", arguments(), args, EchoServer::run);
    }

    static Arguments arguments() {
        return new Arguments("EchoServer", "Echoes UDP at many ports with one selector.")
            .option("bind", "127.0.0.1:9000", "the first local address; the other ports follow")
            .option("ports", "16", "how many ports")
            .flag("consumer", "use select(Consumer) instead of the set of selected keys")
            .flag("heap", "a heap buffer instead of a direct one")
            .option("idle", "30", "seconds without a datagram after which it ends; 0: never")
            .flag("stay", "go on when a Ping has finished");
    }

    private static int run(Arguments arguments) throws IOException {
        final InetSocketAddress first = arguments.address("bind");
        final int ports = arguments.integer("ports", 1, 65535);
        final long seconds = arguments.number("idle", 0, 1_000_000);
        final boolean stay = arguments.isSet("stay");
        final EchoServer server = new EchoServer(arguments.isSet("heap"));
        try (Selector selector = Selector.open()) {
            try {
                open(selector, first, ports);
                System.out.println("EchoServer at " + Port.text(first) + " and " + (ports - 1) + " more ports");
                server.serve(selector, arguments.isSet("consumer"), seconds * 1000, stay);
            } finally {
                for (final SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
        System.out.println("EchoServer: " + server.echoed + " messages sent back, " + server.dropped + " not for want of room");
        return 0;
    }

    private static void open(Selector selector, InetSocketAddress first, int ports) throws IOException {
        for (int i = 0; i < ports; i++) {
            final InetSocketAddress local = new InetSocketAddress(first.getAddress(), first.getPort() == 0 ? 0 : first.getPort() + i);
            final DatagramChannel channel = DatagramChannel.open();
            try {
                channel.bind(local).configureBlocking(false).register(selector, SelectionKey.OP_READ);
            } catch (final IOException e) {
                channel.close();
                throw new IOException("cannot bind to " + Port.text(local) + ": " + e.getMessage(), e);
            }
        }
    }

    private void serve(Selector selector, boolean consumer, long idleMillis, boolean stay) throws IOException {
        final Consumer<SelectionKey> action = this::echoQuietly;
        while (stay || !finished) {
            final long before = echoed;
            if (consumer) {
                selector.select(action, idleMillis);
            } else {
                selector.select(idleMillis);
                final Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    echo((DatagramChannel) keys.next().channel());
                    keys.remove();
                }
            }
            if (echoed == before && !finished && idleMillis > 0) {
                return;
            }
        }
    }

    private void echoQuietly(SelectionKey key) {
        try {
            echo((DatagramChannel) key.channel());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void echo(DatagramChannel channel) throws IOException {
        for (int i = 0; i < BATCH; i++) {
            message.clear();
            final SocketAddress sender = channel.receive(message);
            if (sender == null) {
                return;
            }
            if (message.position() >= Message.MIN_BYTES && Message.sequence(message) == Message.FIN) {
                finished = true;
                continue;
            }
            message.flip();
            final int bytes = message.remaining();
            if (channel.send(message, sender) == bytes) {
                echoed++;
            } else {
                dropped++;
            }
        }
    }
}
