package io.accel.samples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** Sends numbered messages one way, as fast as it can or at a rate; {@link Sink} counts what arrives. */
public final class Sender {
    /** How often the end is announced, for it may be lost too. */
    private static final int FINS = 10;

    private final Port port;
    private final InetSocketAddress peer;
    private final ByteBuffer message;
    private final int bytes;
    private long full;

    private Sender(Port port, InetSocketAddress peer, int bytes, boolean heap) {
        this.port = port;
        this.peer = peer;
        this.bytes = bytes;
        message = Message.buffer(heap, bytes);
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("Sender", arguments(), args, Sender::run);
    }

    static Arguments arguments() {
        return new Arguments("Sender", "Sends numbered messages to Sink.")
            .option("to", "127.0.0.1:9000", "where Sink is")
            .option("bind", "*:0", "the local address")
            .flag("connected", "connect, then write instead of send")
            .flag("heap", "a heap buffer instead of a direct one")
            .option("size", "64", "bytes in a message, 16 to 65507")
            .option("count", "1_000_000", "messages")
            .option("seconds", "3600", "time to send at most")
            .option("rate", "0", "messages a second; 0: as fast as it can")
            .option("burst", "1", "messages sent together when there is a rate")
            .option("wait", "10", "seconds to wait for Sink at the start; 0: do not wait")
            .flag("json", "one line of JSON instead of text");
    }

    private static int run(Arguments arguments) throws IOException {
        final InetSocketAddress peer = arguments.address("to");
        final int bytes = arguments.integer("size", Message.MIN_BYTES, Message.MAX_BYTES);
        final long count = arguments.number("count", 1, Long.MAX_VALUE / 2);
        final long seconds = arguments.number("seconds", 1, 86_400);
        final long rate = arguments.number("rate", 0, 1_000_000_000);
        final int burst = arguments.integer("burst", 1, 1_000_000);
        final long patience = arguments.number("wait", 0, 3600) * 1_000_000_000;
        final boolean json = arguments.isSet("json");
        try (Port port = Port.open(arguments.address("bind"), Mode.SPIN, 0)) {
            if (arguments.isSet("connected")) {
                port.connect(peer);
            }
            final Sender sender = new Sender(port, peer, bytes, arguments.isSet("heap"));
            final ByteBuffer answer = Message.buffer(false, Message.MAX_BYTES);
            if (patience > 0 && !port.greet(peer, answer, bytes, patience)) {
                throw new IOException("no answer from " + Port.text(peer) + " in " + arguments.text("wait") + " s; is Sink running there?");
            }
            final long start = System.nanoTime();
            final long sent = sender.stream(count, seconds, rate, burst);
            final long nanos = Math.max(1, System.nanoTime() - start);
            sender.announceEnd(sent);
            sender.report(sent, nanos, json);
            return 0;
        }
    }

    private long stream(long count, long seconds, long rate, int burst) throws IOException {
        final double interval = rate == 0 ? 0 : 1e9 * burst / rate;
        final long start = System.nanoTime();
        final long limit = seconds * 1_000_000_000;
        long sequence = 0;
        while (sequence < count) {
            if (interval > 0 && sequence % burst == 0) {
                final long due = (long) (sequence / burst * interval);
                while (System.nanoTime() - start < due) {
                    Thread.onSpinWait();
                }
            }
            if ((sequence & 1023) == 0 && System.nanoTime() - start >= limit) {
                break;
            }
            Message.write(message, sequence, 0, bytes);
            while (!port.send(message, peer)) {
                full++;
                if ((full & 1023) == 0 && System.nanoTime() - start >= limit) {
                    return sequence;
                }
            }
            sequence++;
        }
        return sequence;
    }

    private void announceEnd(long sent) throws IOException {
        for (int i = 0; i < FINS; i++) {
            LockSupport.parkNanos(10_000_000);
            Message.write(message, Message.FIN, sent, bytes);
            port.send(message, peer);
        }
    }

    private void report(long sent, long nanos, boolean json) throws IOException {
        final long rate = Math.round(sent * 1e9 / nanos);
        if (json) {
            System.out.println(new Json().put("program", "Sender").put("size", bytes).put("sent", sent).put("rate", rate).put("full", full)
                .put("refused", port.refusals()));
            return;
        }
        System.out.printf("%d messages of %d bytes from %s to %s, %d a second, send buffer full %d times%n", sent, bytes,
            Port.text(port.local()), Port.text(peer), rate, full);
    }
}
