package io.accel.udp.ethernet;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;

/** Joins the parts of a frame that was longer than a packet buffer, in memory of its own. One thread at a time: whoever polls. */
final class FrameAssembly {
    /** The longest IP packet, with Ethernet's header and two tags before it. */
    private static final int CAPACITY = 65_535 + 22;

    private enum State {
        /** Between frames. */
        IDLE,
        JOINING,
        /** What is left of a frame that is counted as lost. */
        SKIPPING
    }

    private final InterfaceCounters counters;
    /** Made for the first long frame: most interfaces have none. */
    private MemoryRegion memory;
    private int length;
    private State state = State.IDLE;

    FrameAssembly(InterfaceCounters counters) {
        this.counters = counters;
    }

    static boolean isPart(int flags) {
        return (flags & (EventBatch.FLAG_SOP | EventBatch.FLAG_CONT)) != EventBatch.FLAG_SOP;
    }

    /** Adds a part: true when the frame is whole, in {@link #memory} from its first byte, {@link #length} long. */
    boolean add(long part, int bytes, int flags) {
        if ((flags & EventBatch.FLAG_SOP) != 0) {
            start();
        }
        if (state != State.SKIPPING && (state == State.IDLE || bytes > CAPACITY - length)) {
            lost();
            state = State.SKIPPING;
        }
        final boolean joined = state == State.JOINING;
        if (joined) {
            Memory.copy(part, memory.address() + length, bytes);
            length += bytes;
        }
        final boolean last = (flags & EventBatch.FLAG_CONT) == 0;
        if (last) {
            state = State.IDLE;
        }
        if (joined && last) {
            counters.frames++;
        }
        return joined && last;
    }

    private void lost() {
        counters.frames++;
        counters.incomplete++;
    }

    private void start() {
        if (state == State.JOINING) {
            lost();
        }
        state = State.JOINING;
        length = 0;
        if (memory == null) {
            memory = MemoryRegion.allocate(0, CAPACITY);
        }
    }

    /** One of the frame's parts was bad, and has been counted: what follows of it is of no use. */
    void abandon() {
        if (state == State.JOINING) {
            state = State.SKIPPING;
        }
    }

    MemoryRegion memory() {
        return memory;
    }

    int length() {
        return length;
    }
}
