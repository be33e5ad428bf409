package io.accel.tools.tcpdump;

import io.accel.core.memory.MemoryRegion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes a capture in pcapng (draft-ietf-opsawg-pcapng), little-endian, with stamps in nanoseconds. It holds blocks back until
 * {@link #flush}, or until it has many. One thread.
 */
final class PcapngWriter implements Closeable {
    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int COMMENT = 1;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_DESCRIPTION = 3;
    private static final int IF_TSRESOL = 9;
    private static final int NANOSECONDS = 9;
    private static final int EPB_FLAGS = 2;
    private static final int ISB_IFRECV = 4;
    private static final int ISB_IFDROP = 5;
    private static final int ISB_USRDELIV = 8;
    /** Of one block: the longest packet and its options, and less for all others. */
    private static final int MAX_BLOCK = 1 << 18;
    private static final int CAPACITY = 4 * MAX_BLOCK;

    private final WritableByteChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    private int interfaces;
    private int block;

    /** Begins a section. @param application that writes it */
    PcapngWriter(WritableByteChannel out, String application) throws IOException {
        this.out = out;
        begin(SECTION_HEADER);
        buffer.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(SHB_USERAPPL, application);
        end();
    }

    /** Describes an interface. @return its number in this section */
    int addInterface(LinkType link, String name, String description, int snap) throws IOException {
        begin(INTERFACE_DESCRIPTION);
        buffer.putShort((short) link.number()).putShort((short) 0).putInt(snap);
        option(IF_NAME, name);
        option(IF_DESCRIPTION, description);
        option(IF_TSRESOL, new byte[] {NANOSECONDS});
        end();
        return interfaces++;
    }

    /**
     * Adds a packet.
     *
     * @param stamp     nanoseconds since 1970
     * @param direction 1 inbound, 2 outbound, 0 not known
     */
    void write(int number, long stamp, Packet packet, int direction, String comment) throws IOException {
        begin(ENHANCED_PACKET);
        buffer.putInt(number).putInt((int) (stamp >>> 32)).putInt((int) stamp).putInt(packet.captured()).putInt(packet.original());
        final MemoryRegion memory = packet.memory();
        buffer.put(buffer.position(), memory.buffer(), packet.offset(), packet.captured()).position(buffer.position() + packet.captured());
        pad();
        buffer.putShort((short) EPB_FLAGS).putShort((short) Integer.BYTES).putInt(direction & 3);
        option(COMMENT, comment);
        end();
    }

    /** Tells what became of an interface's packets. @param received by the tool, of which so many were wanted; and never had by it */
    void writeStatistics(int number, long stamp, long received, long wanted, long missed) throws IOException {
        begin(INTERFACE_STATISTICS);
        buffer.putInt(number).putInt((int) (stamp >>> 32)).putInt((int) stamp);
        option(ISB_IFRECV, received + missed);
        option(ISB_IFDROP, missed);
        option(ISB_USRDELIV, wanted);
        end();
    }

    private void begin(int type) throws IOException {
        if (buffer.remaining() < MAX_BLOCK) {
            flush();
        }
        block = buffer.position();
        buffer.putInt(type).putInt(0);
    }

    /** Ends the options and the block. */
    private void end() {
        buffer.putInt(0);
        final int length = buffer.position() + Integer.BYTES - block;
        buffer.putInt(length).putInt(block + Integer.BYTES, length);
    }

    private void option(int code, String text) {
        option(code, text.getBytes(StandardCharsets.UTF_8));
    }

    private void option(int code, byte[] value) {
        buffer.putShort((short) code).putShort((short) value.length).put(value);
        pad();
    }

    private void option(int code, long value) {
        buffer.putShort((short) code).putShort((short) Long.BYTES).putLong(value);
    }

    private void pad() {
        while ((buffer.position() - block) % Integer.BYTES != 0) {
            buffer.put((byte) 0);
        }
    }

    /** Hands on what is held back. */
    void flush() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } finally {
            buffer.clear();
        }
    }

    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        }
    }
}
