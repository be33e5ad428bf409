package io.accel.samples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;

/** Sends back whatever comes; the peer of {@link Ping}. */
public final class Pong {
    private Pong() {
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("Pong", arguments(), args, Pong::run);
    }

    static Arguments arguments() {
        return new Arguments("Pong", "Sends every datagram back to whom it came from, until Ping says that it has finished.")
            .option("bind", "127.0.0.1:9000", "the local address")
            .option("mode", "spin", "how to wait: spin, spin-select, select, blocking")
            .flag("connected", "connect to the first sender, then read and write")
            .flag("heap", "a heap buffer instead of a direct one")
            .option("idle", "30", "seconds without a datagram after which it ends; 0: never")
            .flag("stay", "go on when a Ping has finished");
    }

    private static int run(Arguments arguments) throws IOException {
        final Mode mode = arguments.choice("mode", Mode.class);
        final boolean stay = arguments.isSet("stay");
        final boolean connect = arguments.isSet("connected");
        final long seconds = arguments.number("idle", 0, 1_000_000);
        final long idle = seconds == 0 ? Long.MAX_VALUE / 2 : seconds * 1_000_000_000;
        final InetSocketAddress local = arguments.address("bind");
        final ByteBuffer message = Message.buffer(arguments.isSet("heap"), Message.MAX_BYTES);
        long echoed = 0;
        boolean connected = false;
        boolean finished = false;
        try (Port port = Port.open(local, mode, 0)) {
            System.out.println("Pong at " + Port.text(port.local()));
            final Watchdog watchdog = mode == Mode.BLOCKING && seconds > 0 ? Watchdog.start(port, idle, () -> close(port)) : null;
            while (!finished && receive(port, message, idle) >= 0) {
                final long sequence = message.position() >= Message.MIN_BYTES ? Message.sequence(message) : 0;
                if (sequence == Message.FIN) {
                    finished = !stay;
                    continue;
                }
                final SocketAddress sender = port.sender();
                if (connect && !connected) {
                    port.connect(sender);
                    connected = true;
                }
                message.flip();
                final long refusals = port.refusals();
                while (!port.send(message, sender) && port.refusals() == refusals) {
                    Thread.onSpinWait();
                }
                if (watchdog != null) {
                    watchdog.progress();
                }
                if (sequence >= 0) {
                    echoed++;
                }
            }
        }
        System.out.println("Pong: " + echoed + " messages sent back" + (finished ? "" : ", then nothing for " + seconds + " s"));
        return finished ? 0 : 1;
    }

    /** Like {@link Port#receive}, and -1 when the watchdog closed the port. */
    private static int receive(Port port, ByteBuffer message, long nanos) throws IOException {
        try {
            return port.receive(message, nanos);
        } catch (final AsynchronousCloseException e) {
            return -1;
        }
    }

    static void close(Port port) {
        try {
            port.close();
        } catch (final IOException e) {
            System.err.println("closing the port: " + e.getMessage());
        }
    }
}
