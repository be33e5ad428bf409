package io.accel.tools.tcpdump;

import io.accel.core.capture.CapturedPacket;
import java.io.Closeable;
import java.io.IOException;

/** Where packets go. */
interface PacketSink extends Closeable {
    /** @param from the interface that it is of */
    void write(CapturedInterface from, CapturedPacket record, Packet packet) throws IOException;

    /** There is nothing more for the moment. */
    void flush() throws IOException;

    /** All that is known of these interfaces is known; more packets of them may come. */
    void writeStatistics(Iterable<CapturedInterface> interfaces) throws IOException;
}
