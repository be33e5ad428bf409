package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;

/** A file mapped whole, shared, for reading and writing. */
final class Mapping {
    private final long address;
    private final long length;
    private boolean mapped = true;

    private Mapping(long address, long length) {
        this.address = address;
        this.length = length;
    }

    /** Makes a file of that length with its space allocated, so that no store can meet a full file system, and maps it. */
    static Mapping create(String path, long length) throws ErrnoException {
        return map(path, length, true);
    }

    /** Maps an existing file, whatever its length. */
    static Mapping open(String path) throws ErrnoException {
        return map(path, 0, false);
    }

    private static Mapping map(String path, long length, boolean create) throws ErrnoException {
        final long result = Memory.allocateAligned(2 * Long.BYTES, Long.BYTES);
        try {
            ErrnoException.check(Posix.mapFile(path, length, create, result), path);
            return new Mapping(Memory.getLong(result), Memory.getLong(result + Long.BYTES));
        } finally {
            Memory.freeAligned(result);
        }
    }

    long address() {
        return address;
    }

    long length() {
        return length;
    }

    /** Idempotent; the owner makes sure that nobody uses the memory any more. */
    void unmap() {
        if (mapped) {
            mapped = false;
            Posix.unmap(address, length);
        }
    }
}
