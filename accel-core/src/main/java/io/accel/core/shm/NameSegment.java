package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A file of this process's table of names, and what should be in it. Everything is stored twice, in the mapping for the others and in a
 * copy that is this process's alone: only the copy is ever read, since others may overwrite the mapping.
 */
final class NameSegment {
    private final Mapping mapping;
    private final long base;
    private final ByteBuffer shared;
    private final ByteBuffer copy;

    private NameSegment(Mapping mapping) {
        this.mapping = mapping;
        this.base = mapping.address();
        this.shared = Posix.wrap(base, (int) mapping.length());
        this.copy = ByteBuffer.allocate((int) mapping.length()).order(ByteOrder.nativeOrder());
    }

    static NameSegment create(String path, int bytes) throws ErrnoException {
        return new NameSegment(Mapping.create(path, bytes));
    }

    int getInt(int offset) {
        return copy.getInt(offset);
    }

    void put(int offset, byte value) {
        copy.put(offset, value);
        Memory.putByte(base + offset, value);
    }

    void putInt(int offset, int value) {
        copy.putInt(offset, value);
        Memory.putIntRelease(base + offset, value);
    }

    void putLong(int offset, long value) {
        copy.putLong(offset, value);
        Memory.putLongVolatile(base + offset, value);
    }

    boolean isSpoilt() {
        return shared.mismatch(copy) >= 0;
    }

    /** Stores everything again. */
    void restore() {
        shared.put(0, copy, 0, copy.capacity());
    }

    void unmap() {
        mapping.unmap();
    }
}
