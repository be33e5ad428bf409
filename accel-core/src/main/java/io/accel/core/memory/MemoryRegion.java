package io.accel.core.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that frames may lie in. The buffer covers exactly {@code [address, address + length)} and exists so that payloads can be
 * copied with {@link ByteBuffer#put(int, ByteBuffer, int, int)}, which checks bounds and the life of a program's buffer, as raw
 * addresses would not.
 *
 * @param id      index of this region in {@code VirtualInterface.memory()}
 * @param address first byte
 * @param length  bytes, less than 2 GiB
 * @param buffer  the same memory, native byte order; its position and limit are nobody's: absolute access only
 */
public record MemoryRegion(int id, long address, int length, ByteBuffer buffer) {
    private static final int ALIGNMENT = 64;

    public MemoryRegion {
        if (address == 0 || length <= 0 || buffer.capacity() != length) {
            throw new IllegalArgumentException("address " + address + ", length " + length + ", buffer " + buffer);
        }
        buffer.order(ByteOrder.nativeOrder());
    }

    /** Zeroed memory of our own, at a multiple of 64, which the garbage collector frees with the region. */
    public static MemoryRegion allocate(int id, int length) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(length + 2 * ALIGNMENT).alignedSlice(ALIGNMENT).slice(0, length);
        return new MemoryRegion(id, Memory.addressOf(buffer), length, buffer);
    }

    /** Index of an address in {@link #buffer}. */
    public int offset(long at) {
        return (int) (at - address);
    }

    /** Whether {@code [at, at + bytes)} lies inside. */
    public boolean contains(long at, int bytes) {
        return at >= address && bytes >= 0 && at - address <= length - (long) bytes;
    }
}
