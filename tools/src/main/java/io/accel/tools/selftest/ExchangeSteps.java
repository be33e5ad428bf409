package io.accel.tools.selftest;

import io.accel.core.Reason;
import io.accel.nio.Accel;
import io.accel.nio.AccelSelectorProvider;
import io.accel.nio.ReceiveTimestamp;
import io.accel.nio.TimestampedChannel;
import io.accel.tools.run.ExitReport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What programs do: datagrams to the peer and back, through the channels that programs have. */
final class ExchangeSteps {
    private static final int SHORTEST = 1;
    private static final int LONGEST = 1400;
    private static final double MOST = 0.99;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    /** Some NICs tell their clock to a VI a few seconds after it was opened. */
    private static final long CLOCK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int SLEEPS = 100;
    private static final int MOST_OVERSLEPT = 2;

    private final Peer peer;
    private final int count;
    private final ByteBuffer out = ByteBuffer.allocateDirect(LONGEST);
    private final ByteBuffer in = ByteBuffer.allocateDirect(LONGEST + 1);
    private final Random random = new Random(1);
    private DatagramChannel channel;

    ExchangeSteps(Peer peer, int count) {
        this.peer = peer;
        this.count = count;
    }

    void run(Checklist list) throws IOException {
        try (DatagramChannel opened = new AccelSelectorProvider().openDatagramChannel(peer.source() instanceof Inet4Address
            ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            channel = opened;
            channel.bind(new InetSocketAddress(peer.source(), 0));
            channel.configureBlocking(false);
            final boolean answered = list.run("receive", this::exchange).isGood();
            if (answered) {
                list.run("timestamp", this::timestamp);
                list.run("sleep", this::sleep);
            } else {
                list.skip("timestamp", "there are no answers on the fast path to look at");
                list.skip("sleep", "there are no answers on the fast path to wait for");
            }
            list.run("report", this::report);
        }
    }

    private Outcome exchange() throws IOException {
        int answered = 0;
        for (int i = 0; i < count && (i < 10 || answered > 0); i++) {
            answered += roundTrip() ? 1 : 0;
        }
        final ExitReport paths = paths();
        final String seen = answered + " of " + count + " datagrams came back, " + paths.fastSent() + " sent and " + paths.fastReceived()
            + " received on the fast path, " + paths.kernelSent() + " and " + paths.kernelReceived() + " through the kernel";
        if (answered == 0) {
            return Outcome.failed("no answer from " + peer.text() + ": is './accel selftest echo' running there, and does its firewall"
                + " let UDP through?" + reasons(paths));
        }
        if (answered < count * MOST) {
            return Outcome.failed(seen + ": is the link busy, or the cable bad ('ethtool -S')?");
        }
        return paths.fastSent() < count * MOST || paths.fastReceived() < answered * MOST ? Outcome.failed(seen + "." + reasons(paths))
            : Outcome.ok(seen);
    }

    private static String reasons(ExitReport paths) {
        return paths.reasons().keySet().stream().map(Reason::valueOf)
            .map(reason -> " " + reason + ": " + reason.text() + "; " + reason.remedy() + ".").collect(Collectors.joining());
    }

    private static ExitReport paths() {
        return ExitReport.parse(Accel.report().stream().map(line -> "accel: " + line).collect(Collectors.joining("\n")));
    }

    private void fill() {
        out.clear().limit(SHORTEST + random.nextInt(LONGEST));
        for (int i = 0; i < out.limit(); i++) {
            out.put(i, (byte) random.nextInt());
        }
    }

    /** A datagram of any length with any bytes; what else comes meanwhile, late answers, does not count. */
    private boolean roundTrip() throws IOException {
        fill();
        channel.send(out.duplicate(), peer.address());
        final long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            if (channel.receive(in.clear()) != null && in.flip().equals(out)) {
                return true;
            }
        }
        return false;
    }

    private Outcome timestamp() throws IOException {
        final ReceiveTimestamp stamp = new ReceiveTimestamp();
        final long start = System.nanoTime();
        do {
            if (roundTrip() && channel instanceof TimestampedChannel stamped && stamped.receiveTimestamp(stamp)) {
                final long ahead = ChronoUnit.NANOS.between(Instant.now(), stamp.toInstant());
                return Outcome.ok("the NIC's clock is " + (stamp.isClockSet() ? "set" : "NOT set") + ", and "
                    + (stamp.isClockInSync() ? "in sync" : "not in sync") + " with an external one; the last datagram came "
                    + TimeUnit.NANOSECONDS.toMicros(-ahead) + " µs ago by the host's clock");
            }
        } while (System.nanoTime() - start < CLOCK_NANOS);
        return Outcome.skipped("the NIC stamps no datagrams: it cannot, or lacks a licence or firmware for it");
    }

    /** Blocking receives that do not spin: the driver has to wake them. */
    private Outcome sleep() throws IOException {
        channel.configureBlocking(true);
        channel.socket().setSoTimeout((int) TimeUnit.SECONDS.toMillis(1));
        final byte[] bytes = new byte[LONGEST + 1];
        int overslept = 0;
        final long start = System.nanoTime();
        for (int i = 0; i < SLEEPS && overslept <= MOST_OVERSLEPT; i++) {
            fill();
            channel.send(out.duplicate(), peer.address());
            try {
                channel.socket().receive(new DatagramPacket(bytes, bytes.length));
            } catch (final SocketTimeoutException e) {
                overslept++;
            }
        }
        if (overslept > MOST_OVERSLEPT) {
            return Outcome.failed(overslept + " receives slept for a second: nothing woke them, or their datagrams were lost; see"
                + " /proc/interrupts for the NIC's interrupts");
        }
        return Outcome.ok(SLEEPS + " receives that slept were woken; "
            + TimeUnit.NANOSECONDS.toMicros((System.nanoTime() - start) / SLEEPS) + " µs a round trip");
    }

    private Outcome report() {
        return Outcome.ok(Accel.report().stream().filter(line -> !line.startsWith("nic ")).collect(Collectors.joining("; ")));
    }
}
