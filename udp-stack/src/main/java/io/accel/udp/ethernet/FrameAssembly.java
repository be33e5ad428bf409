package io.accel.udp.ethernet;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;

/** Joins the parts of a frame that was longer than a packet buffer, in memory of its own. One thread at a time: whoever polls. */
final class FrameAssembly {
    /** The longest IP packet, with Ethernet's header and two tags before it. */
    private static final int CAPACITY = 65_535 + 22;

    /** Made for the first long frame: most interfaces have none. */
    private MemoryRegion memory;
    private int length;
    private boolean open;

    static boolean isPart(int flags) {
        return (flags & (EventBatch.FLAG_SOP | EventBatch.FLAG_CONT)) != EventBatch.FLAG_SOP;
    }

    /** Adds a part: true when the frame is whole, in {@link #memory} from its first byte, {@link #length} long. */
    boolean add(long part, int bytes, int flags) {
        if ((flags & EventBatch.FLAG_SOP) != 0) {
            open = true;
            length = 0;
            if (memory == null) {
                memory = MemoryRegion.allocate(0, CAPACITY);
            }
        }
        // What follows a part that was discarded, and what is longer than a frame can be, is of no use.
        open = open && bytes <= CAPACITY - length;
        if (!open) {
            return false;
        }
        Memory.copy(part, memory.address() + length, bytes);
        length += bytes;
        open = (flags & EventBatch.FLAG_CONT) != 0;
        return !open;
    }

    /** Forgets the parts there are: one of the frame's was bad. */
    void abandon() {
        open = false;
    }

    MemoryRegion memory() {
        return memory;
    }

    int length() {
        return length;
    }
}
