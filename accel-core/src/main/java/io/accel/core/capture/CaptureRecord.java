package io.accel.core.capture;

import io.accel.core.memory.Memory;

/**
 * Layout of one packet in the ring, host byte order, at a multiple of 8. Addresses are two longs and ports may have a scope above them, as
 * the stack has them; here they are numbers.
 *
 * <pre>
 *   0 word i64, written last: its place and the record's length, or 0 for padding up to the ring's end
 *   8 nanoseconds since 1970 i64
 *  16 verdict i32 | 20 length of the packet i32 | 24 bytes of it that follow i32 | 28 lane u16 | 30 direction u16
 *  32 channel: address, high u64 | 40 low u64 | 48 port u64
 *  56 of a message, source: high u64 | 64 low u64 | 72 port u64
 *  80 destination: high u64 | 88 low u64 | 96 port u64
 * 104 an Ethernet frame, or the payload of a message
 * </pre>
 *
 * A word tells its position, which no other record has ever had, mixed with the ring's secret: so a reader knows what was written there
 * in this round from all that lay there before, and nobody has to erase anything; and what lay there before is of packets, whose senders
 * do not know the secret.
 */
public final class CaptureRecord {
    public static final int HEADER_BYTES = 104;
    public static final byte INBOUND = 1;
    public static final byte OUTBOUND = 2;

    static final int WORD_OFFSET = 0;
    static final int STAMP_OFFSET = 8;
    static final int VERDICT_OFFSET = 16;
    static final int ORIGINAL_OFFSET = 20;
    static final int CAPTURED_OFFSET = 24;
    static final int LANE_OFFSET = 28;
    static final int DIRECTION_OFFSET = 30;
    static final int CHANNEL_OFFSET = 32;
    static final int SOURCE_OFFSET = 56;
    static final int DESTINATION_OFFSET = 80;
    /** Of a word, for a length. */
    private static final int LENGTH_BITS = 17;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;
    /** Of a secret: no word is 0, which is what a new ring holds. */
    private static final long NEVER_ZERO = 1L << Long.SIZE - LENGTH_BITS - 1;

    private CaptureRecord() {
    }

    /** Where the packet's captured bytes go. */
    public static long packet(long record) {
        return record + HEADER_BYTES;
    }

    /** Names the channel that the packet is of. @param record claimed from {@link CaptureWriter#claim} */
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

    /** Any number makes one. */
    static long secret(long random) {
        return random | NEVER_ZERO;
    }

    /** @param length 0: padding */
    static long word(long position, long secret, int length) {
        return (position / CaptureDescriptor.ALIGNMENT ^ secret) << LENGTH_BITS | length;
    }

    /** @return the length in a word; negative: it is not of this position */
    static int length(long word, long position, long secret) {
        return (word ^ word(position, secret, 0)) >>> LENGTH_BITS == 0 ? (int) word & LENGTH_MASK : -1;
    }

    /** The rest of the header but the word. */
    static void describe(long record, int lane, byte direction, int verdict, long stamp, int original, int captured) {
        Memory.putShort(record + LANE_OFFSET, (short) lane);
        Memory.putShort(record + DIRECTION_OFFSET, direction);
        Memory.putLong(record + STAMP_OFFSET, stamp);
        Memory.putInt(record + VERDICT_OFFSET, verdict);
        Memory.putInt(record + ORIGINAL_OFFSET, original);
        Memory.putInt(record + CAPTURED_OFFSET, captured);
    }
}
