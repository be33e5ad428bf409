package io.accel.samples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.atomic.AtomicLong;

/** Sends numbered messages to {@link Pong}, one at a time, and tells how long each took to come back intact. */
public final class Ping {
    /** Messages lost one after another that end the run. */
    private static final int HOPELESS = 20;

    private final Port port;
    private final InetSocketAddress peer;
    private final int bytes;
    private final long timeoutNanos;
    private final ByteBuffer out;
    private final ByteBuffer in;
    private final ByteBuffer again;
    private final AtomicLong resent = new AtomicLong();
    private final Watchdog watchdog;
    private volatile long current = -1;
    private long sequence;
    private long lost;
    private long lostInARow;
    private long corrupt;
    private long stale;

    private Ping(Port port, Mode mode, InetSocketAddress peer, int bytes, long timeoutNanos, boolean heap) {
        this.port = port;
        this.peer = peer;
        this.bytes = bytes;
        this.timeoutNanos = timeoutNanos;
        out = Message.buffer(heap, bytes);
        in = Message.buffer(heap, Message.MAX_BYTES);
        again = Message.buffer(heap, bytes);
        watchdog = mode == Mode.BLOCKING ? Watchdog.start(port, timeoutNanos, this::resend) : null;
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("Ping", arguments(), args, Ping::run);
    }

    static Arguments arguments() {
        return new Arguments("Ping", "Measures round trips to Pong.")
            .option("to", "127.0.0.1:9000", "where Pong is")
            .option("bind", "*:0", "the local address")
            .option("mode", "spin", "how to wait: spin, spin-select, select, blocking")
            .flag("connected", "connect, then read and write instead of receive and send")
            .flag("heap", "heap buffers instead of direct ones")
            .option("size", "64", "bytes in a message, 16 to 65507")
            .option("count", "200_000", "messages to measure at most")
            .option("seconds", "3600", "time to measure at most")
            .option("warmup", "100_000", "messages sent before, unmeasured, at most")
            .option("warmup-seconds", "3600", "time spent on them at most")
            .option("timeout", "100", "milliseconds after which a message counts as lost")
            .option("wait", "10", "seconds to wait for Pong at the start")
            .flag("stay", "leave Pong running at the end")
            .flag("json", "one line of JSON instead of text");
    }

    private static int run(Arguments arguments) throws IOException {
        final Mode mode = arguments.choice("mode", Mode.class);
        final InetSocketAddress peer = arguments.address("to");
        final int bytes = arguments.integer("size", Message.MIN_BYTES, Message.MAX_BYTES);
        final int count = arguments.integer("count", 1, 100_000_000);
        final int warmup = arguments.integer("warmup", 0, 100_000_000);
        final long timeout = arguments.number("timeout", 1, 60_000) * 1_000_000;
        final long seconds = arguments.number("seconds", 1, 86_400);
        final long warmupSeconds = arguments.number("warmup-seconds", 1, 86_400);
        final long patience = arguments.number("wait", 0, 3600) * 1_000_000_000;
        final boolean json = arguments.isSet("json");
        final Latencies latencies = new Latencies(count);
        try (Port port = Port.open(arguments.address("bind"), mode, 0)) {
            if (arguments.isSet("connected")) {
                port.connect(peer);
            }
            final Ping ping = new Ping(port, mode, peer, bytes, timeout, arguments.isSet("heap"));
            if (!port.greet(peer, ping.in, bytes, patience)) {
                throw new IOException("no answer from " + Port.text(peer) + " in " + arguments.text("wait") + " s; is Pong running there?");
            }
            ping.exchange(warmup, warmupSeconds, null);
            ping.forget();
            final long start = System.nanoTime();
            final boolean complete = ping.exchange(count, seconds, latencies);
            final long nanos = System.nanoTime() - start;
            ping.finish(arguments.isSet("stay"));
            ping.report(mode, latencies, nanos, json);
            if (!complete) {
                throw new IOException("gave up after " + HOPELESS + " messages lost in a row; is " + Port.text(peer) + " still there?");
            }
            return ping.corrupt == 0 ? 0 : 1;
        }
    }

    /** Sends at most so many messages for at most so long; null latencies record nothing. False: too many were lost in a row. */
    private boolean exchange(int count, long seconds, Latencies latencies) throws IOException {
        final long end = System.nanoTime() + seconds * 1_000_000_000;
        long now = System.nanoTime();
        for (int i = 0; i < count && now - end < 0; i++) {
            Message.write(out, sequence, 0, bytes);
            final long start = System.nanoTime();
            final int length = roundTrip();
            now = System.nanoTime();
            if (length < 0) {
                lost++;
                if (++lostInARow == HOPELESS) {
                    return false;
                }
            } else {
                lostInARow = 0;
                if (latencies != null) {
                    latencies.add(now - start);
                }
                if (!Message.isIntact(in, length, bytes)) {
                    corrupt++;
                }
            }
            sequence++;
        }
        return true;
    }

    /** The length of the answer to the message in {@code out}, or -1 if there was none in time. */
    private int roundTrip() throws IOException {
        if (watchdog != null) {
            current = sequence;
            watchdog.progress();
        }
        for (int attempts = 1; !port.send(out, peer); attempts++) {
            if (attempts == Port.POLLS_PER_CLOCK) {
                return -1;
            }
        }
        while (true) {
            final int length;
            try {
                length = port.receive(in, timeoutNanos);
            } catch (final AsynchronousCloseException e) {
                throw new IOException("no answer from " + Port.text(peer) + " to " + HOPELESS + " messages in a row", e);
            }
            if (length < 0 || length >= Message.MIN_BYTES && Message.sequence(in) == sequence) {
                return length;
            }
            stale++;
        }
    }

    /** The watchdog's part of a blocking receive: the message or its answer is lost, so send it again. */
    private void resend() {
        final long missing = current;
        if (missing < 0) {
            return;
        }
        try {
            if (resent.incrementAndGet() % HOPELESS == 0) {
                port.close();
                return;
            }
            Message.write(again, missing, 0, bytes);
            port.send(again, peer);
        } catch (final IOException e) {
            System.err.println("Ping: sending message " + missing + " again: " + e.getMessage());
        }
    }

    private void forget() {
        lost = 0;
        corrupt = 0;
        stale = 0;
        resent.set(0);
    }

    private void finish(boolean stay) throws IOException {
        current = -1;
        if (!stay) {
            for (int i = 0; i < 3; i++) {
                Message.write(out, Message.FIN, sequence, bytes);
                port.send(out, peer);
            }
        }
    }

    private void report(Mode mode, Latencies latencies, long nanos, boolean json) throws IOException {
        latencies.sort();
        final long rate = Math.round(latencies.count() * 1e9 / nanos);
        final long missing = lost + resent.get();
        if (json) {
            System.out.println(new Json().put("program", "Ping").put("mode", Arguments.word(mode)).put("size", bytes)
                .put("messages", latencies.count()).put("rate", rate).put("min_ns", latencies.quantile(0))
                .put("p50_ns", latencies.quantile(0.5)).put("p90_ns", latencies.quantile(0.9)).put("p99_ns", latencies.quantile(0.99))
                .put("p999_ns", latencies.quantile(0.999)).put("lost", missing).put("corrupt", corrupt).put("late", stale)
                .put("curve_ns", latencies.curve()));
            return;
        }
        System.out.printf("%s, %d bytes, %s to %s: %d messages, %d a second, %d lost, %d corrupt, %d late%n", Arguments.word(mode), bytes,
            Port.text(port.local()), Port.text(peer), latencies.count(), rate, missing, corrupt, stale);
        System.out.printf("round trip in microseconds: min %.3f  p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f%n", latencies.quantile(0) / 1e3,
            latencies.quantile(0.5) / 1e3, latencies.quantile(0.9) / 1e3, latencies.quantile(0.99) / 1e3, latencies.quantile(0.999) / 1e3);
    }
}
