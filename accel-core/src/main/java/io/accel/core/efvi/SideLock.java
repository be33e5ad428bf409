package io.accel.core.efvi;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;

/**
 * Who is on a side: ef_vi wants one thread at a time on a VI, while filters come and go, and VIs are closed, from any thread. Taken for
 * a call at a time and hardly ever contended; one atomic operation.
 */
final class SideLock {
    private static final int FREE = 0;
    private static final int TAKEN = 1;

    private final MemoryRegion word = MemoryRegion.allocate(0, 64);
    private final long at = word.address();

    void lock() {
        while (!Memory.compareAndSetInt(at, FREE, TAKEN)) {
            Thread.onSpinWait();
        }
    }

    void unlock() {
        Memory.putIntRelease(at, FREE);
    }
}
