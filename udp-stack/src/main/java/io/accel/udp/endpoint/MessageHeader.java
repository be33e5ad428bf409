package io.accel.udp.endpoint;

import io.accel.core.memory.Memory;

/**
 * What precedes the payload on a MESSAGE medium, in host byte order (both ends are on one host).
 *
 * <pre>
 *   0 family u8 (4 or 6) | 1 zero u8 | 2 source port u16 | 4 zero u32 | 8 source address, 16 bytes (IPv4: an i32 at 8)
 * </pre>
 */
public final class MessageHeader {
    public static final int BYTES = 24;

    private static final int IPV4 = 4;
    private static final long NOT_PORT = ~0xFFFF_0000L;
    private static final int PORT_OFFSET = 2;
    private static final int ADDRESS_OFFSET = 8;

    private MessageHeader() {
    }

    public static void writeIpv4(long at, int source, int port) {
        Memory.putLong(at, IPV4 | (long) port << 16);
        Memory.putLong(at + ADDRESS_OFFSET, source & 0xFFFFFFFFL);
        Memory.putLong(at + ADDRESS_OFFSET + Long.BYTES, 0);
    }

    /** Whether a message from memory that anybody may have written is an IPv4 datagram of ours. */
    static boolean isIpv4(long at, int length) {
        return length >= BYTES && (Memory.getLong(at) & NOT_PORT) == IPV4 && Memory.getInt(at + ADDRESS_OFFSET + Integer.BYTES) == 0
            && Memory.getLong(at + ADDRESS_OFFSET + Long.BYTES) == 0;
    }

    static int port(long at) {
        return Memory.getShort(at + PORT_OFFSET) & 0xFFFF;
    }

    static int source(long at) {
        return Memory.getInt(at + ADDRESS_OFFSET);
    }
}
