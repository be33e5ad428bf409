package io.accel.core.afxdp;

import io.accel.core.memory.FramePool;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;

/** The packet buffers of an interface: page-aligned memory that the sockets of all its queues share. */
final class Umem implements AutoCloseable {
    private final int frames;
    private MemoryRegion region;

    /** @throws SetUpFailure when there is no memory */
    Umem(int frames) throws SetUpFailure {
        this.frames = frames;
        final int bytes = Math.multiplyExact(frames, FramePool.FRAME_BYTES);
        final long address = Posix.mapAnonymous(bytes);
        if (address < 0 && address > -4096) {
            throw new SetUpFailure(SetUpFailure.Step.PROGRAM, address == -Errno.ENOMEM ? Errno.ENOMEM : (int) -address);
        }
        region = new MemoryRegion(0, address, bytes, Posix.wrap(address, bytes));
    }

    MemoryRegion region() {
        return region;
    }

    long address() {
        return region.address();
    }

    int bytes() {
        return region.length();
    }

    int frames() {
        return frames;
    }

    int frameBytes() {
        return FramePool.FRAME_BYTES;
    }

    @Override
    public void close() {
        if (region != null) {
            Posix.unmap(region.address(), region.length());
            region = null;
        }
    }
}
