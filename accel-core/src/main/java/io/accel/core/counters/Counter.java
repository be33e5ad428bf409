package io.accel.core.counters;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;

/** One number that only grows, with one writer at a time and any readers. A few nanoseconds per change, nothing allocated. */
public final class Counter implements AutoCloseable {
    private final Counters owner;
    private final String label;
    private final int id;
    /** Keeps the memory where it counts; nobody else may. */
    final MemoryRegion memory;
    /** Where it counts: its place in the file or, once closed, a word that nobody reads. */
    private long at;

    Counter(Counters owner, String label, int id, MemoryRegion memory, long at) {
        this.owner = owner;
        this.label = label;
        this.id = id;
        this.memory = memory;
        this.at = at;
    }

    public void increment() {
        final long to = at;
        Memory.putLongRelease(to, Memory.getLong(to) + 1);
    }

    public void add(long n) {
        final long to = at;
        Memory.putLongRelease(to, Memory.getLong(to) + n);
    }

    /** Any thread. */
    public long get() {
        return Memory.getLongAcquire(at);
    }

    public String label() {
        return label;
    }

    /** Gives its place to a counter that comes later; counting afterwards does nothing. Idempotent. */
    @Override
    public void close() {
        owner.free(this);
    }

    int id() {
        return id;
    }

    boolean moveTo(long address) {
        final boolean moved = at != address;
        at = address;
        return moved;
    }
}
