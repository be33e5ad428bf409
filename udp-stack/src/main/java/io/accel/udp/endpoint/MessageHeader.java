package io.accel.udp.endpoint;

import io.accel.core.memory.Memory;

/**
 * What precedes the payload on a MESSAGE medium, in host byte order (both ends are on one host).
 *
 * <pre>
 *   0 format u8 (6) | 1 zero u8 | 2 source port u16 | 4 source scope u32 | 8 source address, high u64 | 16 low u64
 * </pre>
 */
public final class MessageHeader {
    public static final int BYTES = 24;

    private static final int FORMAT = 6;
    private static final int SCOPED_PORT_BIT = 16;
    private static final int HIGH_OFFSET = 8;
    private static final int LOW_OFFSET = 16;

    private MessageHeader() {
    }

    /** @param scopedPort {@link io.accel.udp.address.ScopedPort} of the source */
    public static void write(long at, long high, long low, long scopedPort) {
        Memory.putLong(at, FORMAT | scopedPort << SCOPED_PORT_BIT);
        Memory.putLong(at + HIGH_OFFSET, high);
        Memory.putLong(at + LOW_OFFSET, low);
    }

    /** Whether a message from memory that anybody may have written is a datagram of ours, whatever its source. */
    static boolean isDatagram(long at, int length) {
        return length >= BYTES && Memory.getShort(at) == FORMAT;
    }

    static long scopedPort(long at) {
        return Memory.getLong(at) >>> SCOPED_PORT_BIT;
    }

    static long high(long at) {
        return Memory.getLong(at + HIGH_OFFSET);
    }

    static long low(long at) {
        return Memory.getLong(at + LOW_OFFSET);
    }
}
