package io.accel.udp.wire;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;

/** Memory whose last byte is followed by an unmapped page: a read beyond a frame put at its end ends the JVM instead of passing. */
final class GuardedFrame implements AutoCloseable {
    private static final int PAGE = 4096;

    private final int capacity;
    private final long address;

    GuardedFrame(int bytes) {
        capacity = (bytes + PAGE - 1) / PAGE * PAGE;
        address = Posix.mapAnonymous(capacity + PAGE);
        if (address < 0 && address > -PAGE || Posix.unmap(address + capacity, PAGE) != 0) {
            throw new IllegalStateException("mmap: " + address);
        }
    }

    /** Puts bytes so that the last one is the last mapped one. */
    long put(byte[] bytes) {
        final long at = address + capacity - bytes.length;
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(at + i, bytes[i]);
        }
        return at;
    }

    /** The last bytes before the guard. */
    byte[] last(int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = Memory.getByte(address + capacity - length + i);
        }
        return bytes;
    }

    long end() {
        return address + capacity;
    }

    @Override
    public void close() {
        Posix.unmap(address, capacity);
    }
}
