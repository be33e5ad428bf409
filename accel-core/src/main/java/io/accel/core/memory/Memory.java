package io.accel.core.memory;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * Raw memory by address, host byte order: the one place through which this project reaches {@link UnsafeApi}. No bounds are
 * checked here; callers check lengths once, after which accessors cannot fail.
 */
public final class Memory {
    private static final int HEADER = Long.BYTES;

    private Memory() {
    }

    public static byte getByte(long at) {
        return UnsafeApi.getByte(at);
    }

    public static void putByte(long at, byte value) {
        UnsafeApi.putByte(at, value);
    }

    public static short getShort(long at) {
        return UnsafeApi.getShort(at);
    }

    public static void putShort(long at, short value) {
        UnsafeApi.putShort(at, value);
    }

    public static int getInt(long at) {
        return UnsafeApi.getInt(at);
    }

    public static void putInt(long at, int value) {
        UnsafeApi.putInt(at, value);
    }

    public static long getLong(long at) {
        return UnsafeApi.getLong(at);
    }

    public static void putLong(long at, long value) {
        UnsafeApi.putLong(at, value);
    }

    public static int getIntAcquire(long at) {
        return UnsafeApi.getIntAcquire(null, at);
    }

    public static void putIntRelease(long at, int value) {
        UnsafeApi.putIntRelease(null, at, value);
    }

    public static long getLongAcquire(long at) {
        return UnsafeApi.getLongAcquire(null, at);
    }

    public static void putLongRelease(long at, long value) {
        UnsafeApi.putLongRelease(null, at, value);
    }

    public static int getIntVolatile(long at) {
        return UnsafeApi.getIntVolatile(null, at);
    }

    public static void putIntVolatile(long at, int value) {
        UnsafeApi.putIntVolatile(null, at, value);
    }

    public static long getLongVolatile(long at) {
        return UnsafeApi.getLongVolatile(null, at);
    }

    public static void putLongVolatile(long at, long value) {
        UnsafeApi.putLongVolatile(null, at, value);
    }

    public static boolean compareAndSetInt(long at, int expected, int value) {
        return UnsafeApi.compareAndSetInt(null, at, expected, value);
    }

    public static boolean compareAndSetLong(long at, long expected, long value) {
        return UnsafeApi.compareAndSetLong(null, at, expected, value);
    }

    public static int getAndSetInt(long at, int value) {
        return UnsafeApi.getAndSetInt(null, at, value);
    }

    public static long getAndSetLong(long at, long value) {
        return UnsafeApi.getAndSetLong(null, at, value);
    }

    public static long getAndAddLong(long at, long delta) {
        return UnsafeApi.getAndAddLong(null, at, delta);
    }

    public static long getAndOrLong(long at, long bits) {
        return UnsafeApi.getAndBitwiseOrLong(null, at, bits);
    }

    /** Orders all loads and stores before it before all after it: the store-to-load order that sleeping protocols need. */
    public static void fullFence() {
        UnsafeApi.fullFence();
    }

    public static void copy(long from, long to, long bytes) {
        UnsafeApi.copyMemory(from, to, bytes);
    }

    public static void fill(long at, long bytes, byte value) {
        UnsafeApi.setMemory(at, bytes, value);
    }

    /** Zeroed memory at a multiple of {@code alignment} (a power of two ≥ 8), to be freed by {@link #freeAligned}. */
    public static long allocateAligned(long bytes, int alignment) {
        final long raw = UnsafeApi.allocateMemory(bytes + alignment + HEADER);
        final long aligned = (raw + HEADER + alignment - 1) & -(long) alignment;
        putLong(aligned - HEADER, raw);
        fill(aligned, bytes, (byte) 0);
        return aligned;
    }

    /**
     * Where a direct buffer's first byte lies. The address is good for as long as the buffer is reachable.
     *
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long addressOf(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("not a direct buffer: " + buffer);
        }
        return BufferUtil.address(buffer);
    }

    public static void freeAligned(long address) {
        UnsafeApi.freeMemory(getLong(address - HEADER));
    }
}
