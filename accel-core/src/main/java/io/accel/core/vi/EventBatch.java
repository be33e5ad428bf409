package io.accel.core.vi;

import io.accel.core.memory.Memory;

/**
 * A flat off-heap array of 64-byte event records, in host byte order, that {@link VirtualInterface#poll} fills with one call. Not
 * thread-safe: it belongs to the receive side's owner.
 *
 * <pre>
 *   0 type u8 | 1 flags u8 | 2 checksum u8 | 3 clock u8 | 4 length i32
 *   8 address i64
 *  16 token i64
 *  24 peer i32 | 28 queue u16 | 30 vlan u16
 *  32 timestamp i64, nanoseconds
 *  40 region i32 | 44 detail i32
 *  48 unused, zero
 * </pre>
 */
public final class EventBatch implements AutoCloseable {
    public static final int RECORD_BYTES = 64;

    public static final int TYPE_OFFSET = 0;
    public static final int FLAGS_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    public static final int CLOCK_OFFSET = 3;
    public static final int LENGTH_OFFSET = 4;
    public static final int ADDRESS_OFFSET = 8;
    public static final int TOKEN_OFFSET = 16;
    public static final int PEER_OFFSET = 24;
    public static final int QUEUE_OFFSET = 28;
    public static final int VLAN_OFFSET = 30;
    public static final int TIMESTAMP_OFFSET = 32;
    public static final int REGION_OFFSET = 40;
    public static final int DETAIL_OFFSET = 44;

    /** First part of a frame. */
    public static final int FLAG_SOP = 1;
    /** The frame goes on in the next event. */
    public static final int FLAG_CONT = 2;
    /** The caller keeps the frame past release. */
    public static final int FLAG_RETAINED = 4;
    /** {@link #vlan} holds a VLAN id which the hardware took out of the frame. */
    public static final int FLAG_VLAN = 8;

    /** The NIC's clock has been set by the host at some time. */
    public static final int CLOCK_SET = 1;
    /** The NIC's clock is in sync with an external one (PTP). */
    public static final int CLOCK_IN_SYNC = 2;
    /** There is a timestamp, whatever the clock's state. */
    public static final int CLOCK_PRESENT = 4;

    private final int capacity;
    private long address;
    private int count;

    public EventBatch(int capacity) {
        if (capacity < 1 || capacity > 1 << 20) {
            throw new IllegalArgumentException("capacity " + capacity + " is not in 1..1048576");
        }
        this.capacity = capacity;
        this.address = Memory.allocateAligned((long) capacity * RECORD_BYTES, RECORD_BYTES);
    }

    public int capacity() {
        return capacity;
    }

    /** Address of the first record, for the datapath that fills it. */
    public long address() {
        return address;
    }

    public long recordAddress(int index) {
        return address + (long) index * RECORD_BYTES;
    }

    public int count() {
        return count;
    }

    /** The datapath's: how many records it filled, 0 when it took them back. */
    public void count(int count) {
        this.count = count;
    }

    /** The datapath's: writes a record whole; the fields that this does not name become 0. */
    public void putRx(int index, long frame, int length, int region, long token, int peer, int queue, byte checksum) {
        final long at = recordAddress(index);
        Memory.putInt(at, EventType.RX | FLAG_SOP << 8 | (checksum & 0xFF) << 16);
        Memory.putInt(at + LENGTH_OFFSET, length);
        Memory.putLong(at + ADDRESS_OFFSET, frame);
        Memory.putLong(at + TOKEN_OFFSET, token);
        Memory.putInt(at + PEER_OFFSET, peer);
        Memory.putInt(at + QUEUE_OFFSET, queue & 0xFFFF);
        Memory.putLong(at + TIMESTAMP_OFFSET, 0);
        Memory.putInt(at + REGION_OFFSET, region);
        Memory.putInt(at + DETAIL_OFFSET, 0);
    }

    /** The datapath's: writes a record of another type than RX, without a frame. */
    public void putEvent(int index, byte type, int peer, int queue, int detail) {
        putRx(index, 0, 0, 0, 0, peer, queue, ChecksumStatus.UNKNOWN);
        final long at = recordAddress(index);
        Memory.putByte(at, type);
        Memory.putByte(at + FLAGS_OFFSET, (byte) 0);
        Memory.putInt(at + DETAIL_OFFSET, detail);
    }

    /** Keeps the frame of a record past {@link VirtualInterface#release}. */
    public void retain(int index) {
        final long at = recordAddress(index) + FLAGS_OFFSET;
        Memory.putByte(at, (byte) (Memory.getByte(at) | FLAG_RETAINED));
    }

    public boolean isRetained(int index) {
        return (flags(index) & FLAG_RETAINED) != 0;
    }

    /** One of {@link EventType}. */
    public byte type(int index) {
        return Memory.getByte(recordAddress(index));
    }

    /** {@code FLAG_} bits. */
    public int flags(int index) {
        return Memory.getByte(recordAddress(index) + FLAGS_OFFSET) & 0xFF;
    }

    /** One of {@link ChecksumStatus}. */
    public byte checksum(int index) {
        return Memory.getByte(recordAddress(index) + CHECKSUM_OFFSET);
    }

    /** State of the clock behind {@link #timestamp}: {@link #CLOCK_PRESENT} and others; 0: there is no timestamp. */
    public int clock(int index) {
        return Memory.getByte(recordAddress(index) + CLOCK_OFFSET) & 0xFF;
    }

    /** Bytes at {@link #frame}. */
    public int length(int index) {
        return Memory.getInt(recordAddress(index) + LENGTH_OFFSET);
    }

    /** Address of the frame's first byte. */
    public long frame(int index) {
        return Memory.getLong(recordAddress(index) + ADDRESS_OFFSET);
    }

    /** What {@link VirtualInterface#releaseRetained} takes. */
    public long token(int index) {
        return Memory.getLong(recordAddress(index) + TOKEN_OFFSET);
    }

    /** The datapath's number of the sender on a MESSAGE medium. */
    public int peer(int index) {
        return Memory.getInt(recordAddress(index) + PEER_OFFSET);
    }

    public int queue(int index) {
        return Memory.getShort(recordAddress(index) + QUEUE_OFFSET) & 0xFFFF;
    }

    public int vlan(int index) {
        return Memory.getShort(recordAddress(index) + VLAN_OFFSET) & 0xFFFF;
    }

    /** Nanoseconds since 1970-01-01 UTC by the NIC's clock. */
    public long timestamp(int index) {
        return Memory.getLong(recordAddress(index) + TIMESTAMP_OFFSET);
    }

    /** {@link io.accel.core.memory.MemoryRegion#id()} of the region that holds the frame. */
    public int region(int index) {
        return Memory.getInt(recordAddress(index) + REGION_OFFSET);
    }

    /** What the type says: a discard cause, an errno, a link state. */
    public int detail(int index) {
        return Memory.getInt(recordAddress(index) + DETAIL_OFFSET);
    }

    @Override
    public void close() {
        if (address != 0) {
            Memory.freeAligned(address);
            address = 0;
        }
    }
}
