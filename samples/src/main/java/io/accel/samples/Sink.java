package io.accel.samples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;

/** Receives what {@link Sender} sends, and tells what was received, lost, reordered and duplicated, and how fast it came. */
public final class Sink {
    /** Empty polls in a row after which the stream counts as paused, and the time of the last message is taken. */
    private static final int PAUSE = 64;
    /** After the end was announced, what is still under way is waited for so long. */
    private static final long GRACE_NANOS = 50_000_000;
    /** Messages between two looks at the clock while the stream warms up; a power of two. */
    private static final int MESSAGES_PER_CLOCK = 1024;

    private final Port port;
    private final Mode mode;
    private final boolean verify;
    private final ByteBuffer message;
    private final Reception reception = new Reception();
    private long warmupNanos;
    private long first;
    private long unmeasured;
    private long last;
    private boolean lastIsTaken;
    private long sent = -1;
    private int bytes;
    private long corrupt;

    private Sink(Port port, Mode mode, boolean verify, boolean heap, long warmupNanos) {
        this.port = port;
        this.mode = mode;
        this.verify = verify;
        this.warmupNanos = warmupNanos;
        message = Message.buffer(heap, Message.MAX_BYTES);
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("Sink", arguments(), args, Sink::run);
    }

    static Arguments arguments() {
        return new Arguments("Sink", "Counts what Sender sends; ends when Sender says so or nothing comes any more.")
            .option("bind", "127.0.0.1:9000", "the local address")
            .option("mode", "spin", "how to wait: spin, spin-select, select, blocking")
            .flag("connected", "connect to the first sender, then read")
            .flag("heap", "a heap buffer instead of a direct one")
            .option("buffer", "4_194_304", "SO_RCVBUF in bytes; 0: the system's default")
            .option("idle", "30", "seconds without a datagram after which it ends")
            .option("warmup-seconds", "0", "time at the start of the stream that its rate leaves out")
            .flag("trust", "do not verify the bytes of every message")
            .flag("json", "one line of JSON instead of text");
    }

    private static int run(Arguments arguments) throws IOException {
        final Mode mode = arguments.choice("mode", Mode.class);
        final long idle = arguments.number("idle", 1, 1_000_000) * 1_000_000_000;
        final long warmup = arguments.number("warmup-seconds", 0, 1_000_000) * 1_000_000_000;
        final int buffer = arguments.integer("buffer", 0, 1 << 30);
        final boolean json = arguments.isSet("json");
        final boolean connect = arguments.isSet("connected");
        try (Port port = Port.open(arguments.address("bind"), mode, buffer)) {
            if (!json) {
                System.out.println("Sink at " + Port.text(port.local()));
            }
            final Sink sink = new Sink(port, mode, !arguments.isSet("trust"), arguments.isSet("heap"), warmup);
            if (sink.awaitSender(idle, connect)) {
                sink.drain(idle);
            }
            sink.report(json);
            return sink.reception.received() > 0 && sink.corrupt == 0 ? 0 : 1;
        }
    }

    /** Answers greetings until the first message of the stream; that one is taken in. */
    private boolean awaitSender(long idle, boolean connect) throws IOException {
        final Watchdog watchdog = mode == Mode.BLOCKING ? Watchdog.start(port, idle, () -> Pong.close(port)) : null;
        boolean connected = false;
        while (receive(idle) >= 0) {
            if (watchdog != null) {
                watchdog.progress();
            }
            if (connect && !connected) {
                port.connect(port.sender());
                connected = true;
            }
            if (message.position() < Message.MIN_BYTES || Message.sequence(message) != Message.HELLO) {
                bytes = message.position();
                first = System.nanoTime();
                unmeasured = 1;
                take();
                return true;
            }
            message.flip();
            port.send(message, port.sender());
        }
        return false;
    }

    private void drain(long idle) throws IOException {
        if (mode == Mode.SPIN) {
            drainSpinning(idle);
            return;
        }
        final Watchdog watchdog = mode == Mode.BLOCKING ? Watchdog.start(port, idle, () -> Pong.close(port)) : null;
        while (sent < 0 && receive(idle) >= 0) {
            take();
            if (watchdog != null) {
                watchdog.progress();
            }
        }
        if (!lastIsTaken) {
            last = System.nanoTime();
        }
    }

    private void drainSpinning(long idle) throws IOException {
        int empty = 0;
        long pauseSince = 0;
        while (true) {
            message.clear();
            if (port.poll(message)) {
                take();
                empty = 0;
            } else if (++empty == PAUSE) {
                pauseSince = System.nanoTime();
                if (!lastIsTaken) {
                    last = pauseSince;
                    lastIsTaken = true;
                }
            } else if (empty == Port.POLLS_PER_CLOCK) {
                if (System.nanoTime() - pauseSince >= (sent >= 0 ? GRACE_NANOS : idle)) {
                    return;
                }
                empty = PAUSE;
            }
        }
    }

    private int receive(long nanos) throws IOException {
        try {
            return port.receive(message, nanos);
        } catch (final AsynchronousCloseException e) {
            return -1;
        }
    }

    /** Takes in the message just received. */
    private void take() {
        final int length = message.position();
        if (length < Message.MIN_BYTES) {
            corrupt++;
            return;
        }
        final long sequence = Message.sequence(message);
        if (sequence == Message.FIN) {
            if (!lastIsTaken) {
                last = System.nanoTime();
                lastIsTaken = true;
            }
            sent = Message.word(message);
        } else if (sequence >= 0) {
            lastIsTaken = false;
            if (verify && !Message.isIntact(message, length, bytes)) {
                corrupt++;
            } else {
                reception.add(sequence);
            }
            if (warmupNanos > 0 && (sequence & MESSAGES_PER_CLOCK - 1) == 0) {
                warmUp(System.nanoTime());
            }
        }
    }

    private void warmUp(long now) {
        if (now - first >= warmupNanos) {
            warmupNanos = 0;
            first = now;
            unmeasured = reception.received();
        }
    }

    private void report(boolean json) {
        final long received = reception.received();
        final long rate = received <= unmeasured ? 0 : Math.round((received - unmeasured) * 1e9 / Math.max(1, last - first));
        final long lost = reception.lost(sent);
        if (json) {
            System.out.println(new Json().put("program", "Sink").put("mode", Arguments.word(mode)).put("size", bytes)
                .put("received", received).put("rate", rate).put("sent", sent).put("lost", lost).put("reordered", reception.reordered())
                .put("duplicates", reception.duplicates()).put("corrupt", corrupt));
            return;
        }
        System.out.printf("%d messages of %d bytes received, %d a second; %d lost of %s, %d reordered, %d duplicates, %d corrupt%n",
            received, bytes, rate, lost, sent >= 0 ? sent + " sent" : "those up to the last one seen", reception.reordered(),
            reception.duplicates(), corrupt);
    }
}
