package io.accel.core.capture;

import io.accel.core.memory.Memory;

/**
 * Layout of one packet in the ring, host byte order, at a multiple of 8. Addresses are two longs and ports may have a scope above them, as
 * the stack has them; here they are numbers.
 *
 * <pre>
 *   0 length i32, written last; less than 0: so many bytes of padding | 4 lane u16 | 6 direction u8
 *   8 nanoseconds since 1970 i64
 *  16 verdict i32 | 20 length of the packet i32 | 24 bytes of it that follow i32
 *  32 channel: address, high u64 | 40 low u64 | 48 port u64
 *  56 of a message, source: high u64 | 64 low u64 | 72 port u64
 *  80 destination: high u64 | 88 low u64 | 96 port u64
 * 104 an Ethernet frame, or the payload of a message
 * </pre>
 */
public final class CaptureRecord {
    public static final int HEADER_BYTES = 104;
    public static final byte INBOUND = 1;
    public static final byte OUTBOUND = 2;

    static final int LENGTH_OFFSET = 0;
    static final int LANE_OFFSET = 4;
    static final int DIRECTION_OFFSET = 6;
    static final int STAMP_OFFSET = 8;
    static final int VERDICT_OFFSET = 16;
    static final int ORIGINAL_OFFSET = 20;
    static final int CAPTURED_OFFSET = 24;
    static final int CHANNEL_OFFSET = 32;
    static final int SOURCE_OFFSET = 56;
    static final int DESTINATION_OFFSET = 80;

    private CaptureRecord() {
    }

    /** Where the packet's captured bytes go. */
    public static long packet(long record) {
        return record + HEADER_BYTES;
    }

    /** Names the channel that the packet is of. @param record claimed from {@link CaptureRing#claim} */
    public static void channel(long record, long high, long low, long port) {
        end(record + CHANNEL_OFFSET, high, low, port);
    }

    /** Of a message. */
    public static void source(long record, long high, long low, long port) {
        end(record + SOURCE_OFFSET, high, low, port);
    }

    /** Of a message. */
    public static void destination(long record, long high, long low, long port) {
        end(record + DESTINATION_OFFSET, high, low, port);
    }

    private static void end(long at, long high, long low, long port) {
        Memory.putLong(at, high);
        Memory.putLong(at + Long.BYTES, low);
        Memory.putLong(at + 2 * Long.BYTES, port);
    }

    /** The rest of the header but the length. */
    static void describe(long record, int lane, byte direction, int verdict, long stamp, int original, int captured) {
        Memory.putShort(record + LANE_OFFSET, (short) lane);
        Memory.putShort(record + DIRECTION_OFFSET, direction);
        Memory.putLong(record + STAMP_OFFSET, stamp);
        Memory.putInt(record + VERDICT_OFFSET, verdict);
        Memory.putInt(record + ORIGINAL_OFFSET, original);
        Memory.putInt(record + CAPTURED_OFFSET, captured);
    }
}
