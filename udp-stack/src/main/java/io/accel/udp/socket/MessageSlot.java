package io.accel.udp.socket;

import io.accel.core.memory.MemoryRegion;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.vi.VirtualInterface;
import java.nio.ByteBuffer;

/**
 * Claims a place in a receiver's ring and copies a payload into it, behind room for a header. When that throws, as for a buffer whose
 * memory is gone, nothing stays claimed. Positions of the buffers do not move. One thread at a time: the holder of the write side.
 */
final class MessageSlot {
    private MessageSlot() {
    }

    /** @return the header's address, or {@link VirtualInterface#NONE} when the receiver has no room, which the VI has counted */
    static long fill(ShmVirtualInterface vi, int peer, int header, ByteBuffer src, int position, int length) {
        final long slot = vi.txClaim(peer, header + length);
        if (slot == VirtualInterface.NONE) {
            return slot;
        }
        boolean written = false;
        try {
            final MemoryRegion region = vi.claimedRegion();
            region.buffer().put(region.offset(slot) + header, src, position, length);
            written = true;
        } finally {
            if (!written) {
                vi.txUndo();
            }
        }
        return slot;
    }

    /** As {@link #fill(ShmVirtualInterface, int, int, ByteBuffer, int, int)}, one payload from several buffers. */
    static long fill(ShmVirtualInterface vi, int peer, int header, ByteBuffer[] srcs, int from, int count, int length) {
        final long slot = vi.txClaim(peer, header + length);
        if (slot == VirtualInterface.NONE) {
            return slot;
        }
        boolean written = false;
        try {
            final MemoryRegion region = vi.claimedRegion();
            int at = region.offset(slot) + header;
            for (int i = from; i < from + count; i++) {
                region.buffer().put(at, srcs[i], srcs[i].position(), srcs[i].remaining());
                at += srcs[i].remaining();
            }
            written = true;
        } finally {
            if (!written) {
                vi.txUndo();
            }
        }
        return slot;
    }
}
