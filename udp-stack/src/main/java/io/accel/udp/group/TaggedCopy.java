package io.accel.udp.group;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import java.nio.ByteBuffer;

/**
 * Sends through a shadow what members of a group get by shared memory too: the tag keeps it from their shadows. One per sender, made
 * when it is first needed; the holder of its write side only.
 */
public final class TaggedCopy implements AutoCloseable {
    private static final int BYTES = 65_536;

    private final int fd;
    private final int tag;
    private final long memory = Memory.allocateAligned(BYTES, Long.BYTES);
    private final ByteBuffer buffer = Posix.wrap(memory, BYTES);

    /** @param fd the shadow's descriptor */
    public TaggedCopy(int fd, int tag) {
        this.fd = fd;
        this.tag = tag;
    }

    /** Where the payload goes, from index 0, before {@link #send}. */
    public ByteBuffer payload() {
        return buffer;
    }

    /** Bytes sent, or -errno: nothing was sent. */
    public int send(int group, int port, int length) {
        return GroupNatives.sendCopy(fd, tag, group, port, memory, length);
    }

    @Override
    public void close() {
        Memory.freeAligned(memory);
    }
}
