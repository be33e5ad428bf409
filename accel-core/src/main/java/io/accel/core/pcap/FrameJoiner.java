package io.accel.core.pcap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes whole frames of parts and keeps them until they are written. One side's owner only. */
final class FrameJoiner {
    private final List<byte[]> frames = new ArrayList<>();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    void add(ByteBuffer part, boolean continued) {
        final byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        parts.writeBytes(bytes);
        if (!continued) {
            frames.add(parts.toByteArray());
            parts.reset();
        }
    }

    void write(PcapWriter writer, long epochNanos) {
        for (final byte[] frame : frames) {
            writer.write(epochNanos, ByteBuffer.wrap(frame));
        }
        frames.clear();
    }

    void forget() {
        frames.clear();
        parts.reset();
    }
}
