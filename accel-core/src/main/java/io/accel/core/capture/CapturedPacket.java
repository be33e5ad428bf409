package io.accel.core.capture;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;

/** A packet that a {@link CaptureReader} took, in memory of its own; valid until the next. Not thread-safe. */
public final class CapturedPacket {
    private final MemoryRegion memory = MemoryRegion.allocate(0, CaptureRecord.HEADER_BYTES + CaptureRing.MAX_SNAP);

    /** Copies a record and looks whether it is one. @param length of the record, header included */
    boolean read(long record, int length) {
        if (length < CaptureRecord.HEADER_BYTES || length > memory.length()) {
            return false;
        }
        Memory.copy(record, memory.address(), length);
        return captured() >= 0 && captured() <= length - CaptureRecord.HEADER_BYTES && original() >= captured()
            && lane() < CaptureDescriptor.LANES;
    }

    public int lane() {
        return Memory.getShort(memory.address() + CaptureRecord.LANE_OFFSET) & 0xFFFF;
    }

    /** {@link CaptureRecord#INBOUND} or {@link CaptureRecord#OUTBOUND}, or what another version writes. */
    public int direction() {
        return Memory.getShort(memory.address() + CaptureRecord.DIRECTION_OFFSET);
    }

    /** Nanoseconds since 1970. */
    public long stamp() {
        return Memory.getLong(memory.address() + CaptureRecord.STAMP_OFFSET);
    }

    public int verdict() {
        return Memory.getInt(memory.address() + CaptureRecord.VERDICT_OFFSET);
    }

    /** Bytes of the whole packet. */
    public int original() {
        return Memory.getInt(memory.address() + CaptureRecord.ORIGINAL_OFFSET);
    }

    /** Bytes of it that are at {@link #data()}. */
    public int captured() {
        return Memory.getInt(memory.address() + CaptureRecord.CAPTURED_OFFSET);
    }

    /** Address of the packet's bytes. */
    public long data() {
        return memory.address() + CaptureRecord.HEADER_BYTES;
    }

    /** The memory that {@link #data()} is in. */
    public MemoryRegion memory() {
        return memory;
    }

    /** One half, or the port, of an end of it. */
    private long word(int end, int index) {
        return Memory.getLong(memory.address() + end + (long) index * Long.BYTES);
    }

    public long channelHigh() {
        return word(CaptureRecord.CHANNEL_OFFSET, 0);
    }

    public long channelLow() {
        return word(CaptureRecord.CHANNEL_OFFSET, 1);
    }

    /** With its scope; 0: no channel. */
    public long channelPort() {
        return word(CaptureRecord.CHANNEL_OFFSET, 2);
    }

    public long sourceHigh() {
        return word(CaptureRecord.SOURCE_OFFSET, 0);
    }

    public long sourceLow() {
        return word(CaptureRecord.SOURCE_OFFSET, 1);
    }

    /** With its scope. */
    public long sourcePort() {
        return word(CaptureRecord.SOURCE_OFFSET, 2);
    }

    public long destinationHigh() {
        return word(CaptureRecord.DESTINATION_OFFSET, 0);
    }

    public long destinationLow() {
        return word(CaptureRecord.DESTINATION_OFFSET, 1);
    }

    /** With its scope. */
    public long destinationPort() {
        return word(CaptureRecord.DESTINATION_OFFSET, 2);
    }
}
