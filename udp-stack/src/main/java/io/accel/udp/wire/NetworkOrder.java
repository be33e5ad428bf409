package io.accel.udp.wire;

import io.accel.core.memory.Memory;
import java.nio.ByteOrder;

/** Big-endian integers in raw memory, unaligned ones too. */
public final class NetworkOrder {
    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private NetworkOrder() {
    }

    /** Unsigned 16 bits. */
    public static int getU16(long at) {
        return swap16(Memory.getShort(at));
    }

    public static void putU16(long at, int value) {
        Memory.putShort(at, (short) swap16(value));
    }

    public static int getInt(long at) {
        return swap32(Memory.getInt(at));
    }

    public static void putInt(long at, int value) {
        Memory.putInt(at, swap32(value));
    }

    public static long getLong(long at) {
        return swap64(Memory.getLong(at));
    }

    public static void putLong(long at, long value) {
        Memory.putLong(at, swap64(value));
    }

    /** Unsigned 48 bits, as a MAC address has. */
    public static long getU48(long at) {
        return (long) getU16(at) << 32 | getInt(at + 2) & 0xFFFFFFFFL;
    }

    public static void putU48(long at, long value) {
        putU16(at, (int) (value >>> 32));
        putInt(at + 2, (int) value);
    }

    /** The low 16 bits from host to network order or back. */
    static int swap16(int value) {
        return SWAP ? Short.reverseBytes((short) value) & 0xFFFF : value & 0xFFFF;
    }

    /** From host to network order or back. */
    static int swap32(int value) {
        return SWAP ? Integer.reverseBytes(value) : value;
    }

    /** From host to network order or back. */
    private static long swap64(long value) {
        return SWAP ? Long.reverseBytes(value) : value;
    }

    /** What the first of two bytes on the wire contributes to a 16-bit word loaded in host order. */
    static int firstByte(int value) {
        return SWAP ? value & 0xFF : (value & 0xFF) << 8;
    }
}
