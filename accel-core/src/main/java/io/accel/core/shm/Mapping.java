package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;

/** A file mapped whole, shared, for reading and writing. */
final class Mapping {
    private static final long LEAST_AT_ONCE = 12 << 10;
    private static final long MOST_AT_ONCE = 64 << 10;

    private final long address;
    private final long length;
    private long reach;
    private boolean mapped = true;

    private Mapping(long address, long length, long reach) {
        this.address = address;
        this.length = length;
        this.reach = reach;
    }

    /** Makes a file of that length with its space allocated, so that no store can meet a full file system, and maps it. */
    static Mapping create(String path, long length) throws ErrnoException {
        return map(path, length, length);
    }

    /** As {@link #create(String, long)}, but only its first bytes, a multiple of the page, have space; {@link #reach} gives more. */
    static Mapping create(String path, long length, long allocated) throws ErrnoException {
        return map(path, length, allocated);
    }

    /** Maps an existing file, whatever its length. */
    static Mapping open(String path) throws ErrnoException {
        return map(path, 0, Posix.EXISTING);
    }

    private static Mapping map(String path, long length, long allocate) throws ErrnoException {
        final long result = Memory.allocateAligned(2 * Long.BYTES, Long.BYTES);
        try {
            ErrnoException.check(Posix.mapFile(path, length, allocate, result), path);
            return new Mapping(Memory.getLong(result), Memory.getLong(result + Long.BYTES), Math.max(allocate, 0));
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

    /** Offset up to which the file is known to have space. To load or to store beyond may fault, where the file system is full. */
    long reach() {
        return reach;
    }

    /**
     * Sees to it that the file has space up to an offset, and gives it more than that at once, the more the further it got; not for two
     * threads at a time. @return false: the file system is full
     */
    boolean reach(long end) {
        while (reach < end) {
            final long more = Math.min(Math.min(Math.max(reach, LEAST_AT_ONCE), MOST_AT_ONCE), length - reach);
            if (more <= 0 || Posix.populate(address + reach, more) < 0) {
                return false;
            }
            reach += more;
        }
        return true;
    }

    /** Idempotent; the owner makes sure that nobody uses the memory any more. */
    void unmap() {
        if (mapped) {
            mapped = false;
            Posix.unmap(address, length);
        }
    }
}
