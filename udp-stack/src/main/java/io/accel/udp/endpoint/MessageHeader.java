package io.accel.udp.endpoint;

import io.accel.core.memory.Memory;
import io.accel.udp.address.IpAddress;

/**
 * What precedes the payload on a MESSAGE medium, in host byte order (both ends are on one host).
 *
 * <pre>
 *   0 format u8 (6, to a group 7) | 1 zero u8 | 2 source port u16 | 4 source scope u32 | 8 source address, high u64 | 16 low u64
 *   to a group also:
 *   24 group, high u64 | 32 low u64 | 40 version of the directory that the sender saw, u32 | 44 index of the interface sent on, u32
 * </pre>
 */
public final class MessageHeader {
    /** To one destination. */
    public static final int BYTES = 24;
    /** To a group. */
    public static final int GROUP_BYTES = 48;

    private static final int FORMAT = 6;
    private static final int GROUP_FORMAT = 7;
    private static final int SCOPED_PORT_BIT = 16;
    private static final int HIGH_OFFSET = 8;
    private static final int LOW_OFFSET = 16;
    private static final int GROUP_HIGH_OFFSET = 24;
    private static final int GROUP_LOW_OFFSET = 32;
    private static final int VERSION_OFFSET = 40;
    private static final int INTERFACE_OFFSET = 44;

    private MessageHeader() {
    }

    /** @param scopedPort {@link io.accel.udp.address.ScopedPort} of the source */
    public static void write(long at, long high, long low, long scopedPort) {
        write(at, FORMAT, high, low, scopedPort);
    }

    private static void write(long at, int format, long high, long low, long scopedPort) {
        Memory.putLong(at, format | scopedPort << SCOPED_PORT_BIT);
        Memory.putLong(at + HIGH_OFFSET, high);
        Memory.putLong(at + LOW_OFFSET, low);
    }

    /**
     * For a datagram to a group.
     *
     * @param ifIndex of the interface that it is sent on
     * @param version of the directory, as its members were looked up
     */
    public static void writeGroup(long at, long high, long low, long scopedPort, IpAddress group, int ifIndex, int version) {
        write(at, GROUP_FORMAT, high, low, scopedPort);
        Memory.putLong(at + GROUP_HIGH_OFFSET, group.high());
        Memory.putLong(at + GROUP_LOW_OFFSET, group.low());
        Memory.putInt(at + VERSION_OFFSET, version);
        Memory.putInt(at + INTERFACE_OFFSET, ifIndex);
    }

    /** Whether a message from memory that anybody may have written is a datagram of ours, whatever its source and its group. */
    static boolean isDatagram(long at, int length) {
        if (length < BYTES) {
            return false;
        }
        final int format = Memory.getShort(at);
        return format == FORMAT || format == GROUP_FORMAT && length >= GROUP_BYTES;
    }

    /** Whether a datagram is to a group. Long enough for one in any case: its format may have become another since it was looked at. */
    static boolean isToGroup(long at, int length) {
        return length >= GROUP_BYTES && Memory.getShort(at) == GROUP_FORMAT;
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

    static long groupHigh(long at) {
        return Memory.getLong(at + GROUP_HIGH_OFFSET);
    }

    static long groupLow(long at) {
        return Memory.getLong(at + GROUP_LOW_OFFSET);
    }

    static int version(long at) {
        return Memory.getInt(at + VERSION_OFFSET);
    }

    static int groupInterface(long at) {
        return Memory.getInt(at + INTERFACE_OFFSET);
    }
}
