package io.accel.tools.tcpdump;

import io.accel.core.capture.CapturedPacket;
import java.io.IOException;
import java.io.PrintStream;

/** Packets in lines to read. */
final class CaptureLines implements PacketSink {
    private final PrintStream out;

    CaptureLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(CapturedInterface from, CapturedPacket record, Packet packet) throws IOException {
        out.print(PacketLine.of(from.pid(), from.name(), record, packet));
        if (out.checkError()) {
            throw new IOException("standard output is closed");
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    /** Those are told at the end in any case. */
    @Override
    public void writeStatistics(Iterable<CapturedInterface> interfaces) {
    }

    @Override
    public void close() {
        out.flush();
    }
}
