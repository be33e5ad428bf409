package io.accel.tools.tcpdump;

import io.accel.core.capture.CapturedPacket;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;

/** A capture in pcapng, of which each packet has its verdict and its channel as a comment. */
final class CaptureFile implements PacketSink {
    private final PcapngWriter writer;
    private final int snap;

    CaptureFile(WritableByteChannel out, int snap) throws IOException {
        this.writer = new PcapngWriter(out, "accel tcpdump");
        this.snap = snap;
        writer.flush();
    }

    @Override
    public void write(CapturedInterface from, CapturedPacket record, Packet packet) throws IOException {
        describe(from);
        writer.write(from.number(), record.stamp(), packet, record.direction(),
            VerdictText.full(record.verdict()) + "; " + VerdictText.channel(record) + " of process " + from.pid());
    }

    private void describe(CapturedInterface each) throws IOException {
        if (each.number() < 0) {
            each.number(writer.addInterface(each.link(), each.name(), each.description(), snap));
        }
    }

    @Override
    public void flush() throws IOException {
        writer.flush();
    }

    @Override
    public void writeStatistics(Iterable<CapturedInterface> interfaces) throws IOException {
        final Instant now = Instant.now();
        for (final CapturedInterface each : interfaces) {
            describe(each);
            writer.writeStatistics(each.number(), now.getEpochSecond() * 1_000_000_000L + now.getNano(), each.received(), each.wanted(),
                each.missed());
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
