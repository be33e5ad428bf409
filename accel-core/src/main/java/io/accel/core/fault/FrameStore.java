package io.accel.core.fault;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Copies of received frames, in buffers of its own. The receive side's owner only, but for {@link #releaseRetained}. */
final class FrameStore {
    private static final int LENT = 0;
    private static final int KEPT = 1;
    private static final int CAME_BACK = 2;

    private final MemoryRegion memory;
    private final int frameBytes;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final AtomicIntegerArray states;
    private final ConcurrentLinkedQueue<Integer> returned = new ConcurrentLinkedQueue<>();
    private int kept;

    FrameStore(int frames, int frameBytes) {
        this.frameBytes = frameBytes;
        memory = MemoryRegion.allocate(0, frames * frameBytes);
        states = new AtomicIntegerArray(frames);
        for (int i = 0; i < frames; i++) {
            free.add(i);
        }
    }

    /** An event record and, where it has one, its frame's buffer (else -1). */
    static final class Frame {
        private final byte[] record = new byte[EventBatch.RECORD_BYTES];
        private final int buffer;
        private final long address;
        private int length;
        private int overtakers;
        private byte checksum;

        private Frame(int buffer, long address, int length, byte checksum) {
            this.buffer = buffer;
            this.address = address;
            this.length = length;
            this.checksum = checksum;
        }

        long address() {
            return address;
        }

        int length() {
            return length;
        }

        void length(int value) {
            length = value;
        }

        void checksum(byte value) {
            checksum = value;
        }

        void overtakenBy(int frames) {
            overtakers = frames;
        }

        /** One more frame overtakes this: true for the last. */
        boolean overtake() {
            return --overtakers == 0;
        }

        void put(EventBatch events, int index, int region) {
            final long at = events.recordAddress(index);
            for (int i = 0; i < record.length; i++) {
                Memory.putByte(at + i, record[i]);
            }
            if (buffer >= 0) {
                Memory.putLong(at + EventBatch.ADDRESS_OFFSET, address);
                Memory.putInt(at + EventBatch.LENGTH_OFFSET, length);
                Memory.putLong(at + EventBatch.TOKEN_OFFSET, buffer);
                Memory.putByte(at + EventBatch.CHECKSUM_OFFSET, checksum);
                Memory.putInt(at + EventBatch.REGION_OFFSET, region);
            }
        }
    }

    MemoryRegion region(int id) {
        return new MemoryRegion(id, memory.address(), memory.length(), memory.buffer());
    }

    int free() {
        return free.size();
    }

    Frame copy(EventBatch events, int index) {
        final boolean holds = events.type(index) == EventType.RX;
        final Frame frame = holds ? copy(events.frame(index), Math.min(frameBytes, events.length(index)), events.checksum(index))
            : new Frame(-1, 0, 0, events.checksum(index));
        for (int i = 0; i < frame.record.length; i++) {
            frame.record[i] = Memory.getByte(events.recordAddress(index) + i);
        }
        return frame;
    }

    Frame copy(Frame other) {
        final Frame frame = copy(other.address, other.length, other.checksum);
        System.arraycopy(other.record, 0, frame.record, 0, other.record.length);
        return frame;
    }

    private Frame copy(long from, int length, byte checksum) {
        final int buffer = free.remove();
        states.set(buffer, LENT);
        final long address = memory.address() + (long) buffer * frameBytes;
        Memory.copy(from, address, length);
        return new Frame(buffer, address, length, checksum);
    }

    void giveBack(Frame frame) {
        free.add(frame.buffer);
    }

    void release(EventBatch events) {
        for (int i = 0; i < events.count(); i++) {
            if (events.type(i) == EventType.RX) {
                final int buffer = (int) events.token(i);
                if (events.isRetained(i) && states.compareAndSet(buffer, LENT, KEPT)) {
                    kept++;
                } else {
                    free.add(buffer);
                }
            }
        }
        events.count(0);
    }

    /** Any thread, before or after the release of the batch that the frame came in. */
    void releaseRetained(long token) {
        final int buffer = (int) token;
        if (!states.compareAndSet(buffer, LENT, CAME_BACK) && states.compareAndSet(buffer, KEPT, CAME_BACK)) {
            returned.add(buffer);
        }
    }

    void drain() {
        for (Integer buffer = returned.poll(); buffer != null; buffer = returned.poll()) {
            free.add(buffer);
            kept--;
        }
    }

    /** Frames that the caller keeps past release. */
    int kept() {
        return kept;
    }
}
