package io.accel.core.shm;

import static io.accel.core.shm.RingDescriptor.ALIGNMENT;
import static io.accel.core.shm.RingDescriptor.DATA_OFFSET;
import static io.accel.core.shm.RingDescriptor.KIND_DATA;
import static io.accel.core.shm.RingDescriptor.KIND_PADDING;
import static io.accel.core.shm.RingDescriptor.WORD_BYTES;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Posix;
import io.accel.core.vi.VirtualInterface;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The sending end of a ring: from this process to one VI. All threads of the process share it under a short lock, held from the first
 * claim to push or undo; everything but the lock is touched by its holder only. The writer's position lives here, not in the mapping,
 * where a peer could spoil it.
 */
final class TxRing {
    /** What a ring's file has space for at first: the header and two pages. */
    static final long FIRST_BYTES = DATA_OFFSET + 8192;

    private static final int SPINS = 200;
    private static final int YIELDS = 2000;
    private static final int PARKS = 2000;
    private static final long PARK_NANOS = 50_000;
    private static final VarHandle LOCK;

    static {
        try {
            LOCK = MethodHandles.lookup().findVarHandle(TxRing.class, "lock", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int handle;
    private final ShmProcess process;
    private final int vi;
    private final int generation;
    private final long header;
    private final Mapping mapping;
    private final MemoryRegion region;
    private final long base;
    private final long data;
    private final long capacity;
    private final long mask;

    private volatile int lock;
    private boolean closed;
    private boolean corrupt;
    private long tail;
    private long next;
    private long cachedHead;
    /** Positions below it have space in the file; those behind the first lap always. */
    private long populated = FIRST_BYTES - DATA_OFFSET;
    /** Positions below it may be written: what the reader gave back, as of the last look, and as far as there is space. */
    private long writable = FIRST_BYTES - DATA_OFFSET;
    private long firstWord;

    /** @param header address of the receiver's header, which stays mapped for as long as this ring */
    TxRing(int handle, ShmProcess process, int vi, int generation, long header, Mapping mapping) {
        this.handle = handle;
        this.process = process;
        this.vi = vi;
        this.generation = generation;
        this.header = header;
        this.mapping = mapping;
        this.base = mapping.address();
        this.data = base + DATA_OFFSET;
        this.capacity = mapping.length() - DATA_OFFSET;
        this.mask = capacity - 1;
        this.region = new MemoryRegion(-1, base, (int) mapping.length(), Posix.wrap(base, (int) mapping.length()));
    }

    int handle() {
        return handle;
    }

    ShmProcess process() {
        return process;
    }

    int vi() {
        return vi;
    }

    int generation() {
        return generation;
    }

    MemoryRegion region() {
        return region;
    }

    /** Takes the lock; false: its holder did not let go in about a tenth of a second. */
    boolean lock() {
        return LOCK.compareAndSet(this, 0, 1) || lockSlowly();
    }

    private boolean lockSlowly() {
        for (int i = 0; i < SPINS + YIELDS + PARKS; i++) {
            if (lock == 0 && LOCK.compareAndSet(this, 0, 1)) {
                return true;
            }
            if (i < SPINS) {
                Thread.onSpinWait();
            } else if (i < SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(PARK_NANOS);
            }
        }
        return false;
    }

    void unlock() {
        LOCK.setRelease(this, 0);
    }

    /** Whether this ring is mapped, sound, and its receiver still has the generation that it was made for; its lock or its closer's. */
    boolean isReceiverOpen() {
        return !closed && Memory.getIntAcquire(header + ViHeader.GENERATION_OFFSET) == generation && !corrupt;
    }

    /** Whether the receiver wrote a head that cannot be. */
    boolean isCorrupt() {
        return corrupt;
    }

    /** Reserves a record; it becomes padding if nobody inits it. */
    long reserve(int length) {
        final long start = next;
        final long stride = RingDescriptor.strideOf(length);
        final long toEnd = capacity - (start & mask);
        final long padding = toEnd < stride ? toEnd : 0;
        final long at = start + padding;
        final long end = at + stride;
        // Read each time, as it lies on the line that was read for the generation. Garbage harms its receiver alone.
        final long limit = Memory.getInt(header + ViHeader.RECEIVE_LIMIT_OFFSET);
        // One line more than the record: the word behind it is zeroed, and must not be one that the reader has yet to see.
        if ((end + ALIGNMENT > writable || start - cachedHead > limit) && !hasRoom(start, end + ALIGNMENT, limit)) {
            return VirtualInterface.NONE;
        }
        Memory.putLong(data + (end & mask), 0);
        if (padding != 0) {
            putWord(start, RingDescriptor.word(KIND_PADDING, padding, 0));
        }
        putWord(at, RingDescriptor.word(KIND_PADDING, stride, 0));
        next = end;
        return data + (at & mask) + WORD_BYTES;
    }

    private boolean hasRoom(long start, long end, long limit) {
        final long head = Memory.getLongAcquire(base + RingDescriptor.HEAD_OFFSET);
        if (head < cachedHead || head > tail || (head & ALIGNMENT - 1) != 0) {
            corrupt = true;
            return false;
        }
        cachedHead = head;
        writable = Math.min(head + capacity, populated);
        return end - head <= capacity && start - head <= limit && (end <= populated || populate(end));
    }

    /** In the first lap the file gets its space as it is needed, as few of many rings ever need it all; false: there is none left. */
    private boolean populate(long end) {
        if (!mapping.reach(DATA_OFFSET + Math.min(end, capacity))) {
            return false;
        }
        populated = RingDescriptor.populated(mapping);
        writable = Math.min(cachedHead + capacity, populated);
        return true;
    }

    /** The first word of a burst stays here until it is published; the reader cannot get past its zero to see the others. */
    private void putWord(long position, long word) {
        if (position == tail) {
            firstWord = word;
        } else {
            Memory.putLong(data + (position & mask), word);
        }
    }

    /** Turns a reserved record into a message; false: the address is no claim of this ring, or the length not what was claimed. */
    boolean init(long address, int length) {
        final long index = address - WORD_BYTES - data;
        if (index < 0 || index >= capacity || (index & ALIGNMENT - 1) != 0) {
            return false;
        }
        final boolean first = index == (tail & mask);
        final long stride = RingDescriptor.stride(first ? firstWord : Memory.getLong(data + index));
        if (length < 0 || length > stride - WORD_BYTES) {
            return false;
        }
        final long word = RingDescriptor.word(KIND_DATA, stride, length);
        if (first) {
            firstWord = word;
        } else {
            Memory.putLong(data + index, word);
        }
        return true;
    }

    boolean hasReserved() {
        return next != tail;
    }

    void undo() {
        next = tail;
    }

    /** Publishes what is reserved and wakes the receiver if it asked for it. */
    void push(int socket) {
        if (next == tail) {
            return;
        }
        Memory.putLongRelease(data + (tail & mask), firstWord);
        tail = next;
        // Publish, then look whether the receiver sleeps; it does the reverse (ShmVirtualInterface.arm, ShmWaiter.prepareSleep).
        Memory.fullFence();
        final long armed = Memory.getLongAcquire(header + ViHeader.ARMED_OFFSET);
        if (armed != 0) {
            process.wake(vi, armed, socket);
        }
        fetchAhead();
    }

    /** Stores into the free lines that the next record takes, so that its sender need not wait until this processor owns them. */
    private void fetchAhead() {
        if (tail + 3 * ALIGNMENT <= writable) {
            Memory.putLong(data + (tail + ALIGNMENT & mask), 0);
            Memory.putLong(data + (tail + 2 * ALIGNMENT & mask), 0);
        }
    }

    /** Counts a message that found no room where the receiver sees it. */
    void countDrop() {
        final long at = base + RingDescriptor.DROPS_OFFSET;
        Memory.putLongRelease(at, Memory.getLong(at) + 1);
    }

    /** Unmaps, unless a thread is inside; true when it is closed. */
    boolean tryClose() {
        if (!LOCK.compareAndSet(this, 0, 1)) {
            return false;
        }
        if (!closed) {
            closed = true;
            mapping.unmap();
        }
        unlock();
        return true;
    }
}
