package io.accel.core.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A pcap file of Ethernet frames with nanosecond timestamps (draft-ietf-opsawg-pcap). Any thread. After an error nothing more is written,
 * and {@link #close} throws it.
 */
public final class PcapWriter implements AutoCloseable {
    private static final int MAGIC_NANOSECONDS = 0xA1B23C4D;
    private static final int SNAP_LENGTH = 262_144;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int HEADER_BYTES = 16;
    private static final long NANOS = 1_000_000_000L;

    private final FileChannel file;
    private final ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    private IOException failure;

    /** Makes the file, or empties it. */
    public PcapWriter(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        header.putInt(MAGIC_NANOSECONDS).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(SNAP_LENGTH)
            .putInt(LINKTYPE_ETHERNET).flip();
        writeAll(header);
    }

    /**
     * Appends a frame.
     *
     * @param epochNanos when, in nanoseconds since 1970
     * @param frame      its bytes, without FCS, from position to limit, which it moves
     */
    public synchronized void write(long epochNanos, ByteBuffer frame) {
        if (failure != null || !file.isOpen()) {
            return;
        }
        header.clear();
        header.putInt((int) (epochNanos / NANOS)).putInt((int) (epochNanos % NANOS)).putInt(frame.remaining()).putInt(frame.remaining());
        header.flip();
        assert header.limit() == HEADER_BYTES;
        try {
            writeAll(header);
            writeAll(frame);
        } catch (final IOException e) {
            failure = e;
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
        if (failure != null) {
            throw new IOException("the capture is not complete", failure);
        }
    }
}
