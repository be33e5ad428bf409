package io.accel.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock of one side of a channel. It costs one atomic operation where a ReentrantLock costs two and the barriers of a reference that
 * is stored: the release is a plain ordered store, so whoever waits looks again by itself instead of being woken. That is right here,
 * where the wait is either a few hundred nanoseconds or a second reader behind a blocked one. Not reentrant; never allocates, contended
 * or not.
 */
final class SideLock {
    private static final int SPINS = 100;
    private static final int YIELDS = 50;
    private static final long MIN_PARK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long MAX_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SideLock.class, "held", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int held;

    void lock() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            lockSlowly();
        }
    }

    boolean tryLock() {
        return held == 0 && HELD.compareAndSet(this, 0, 1);
    }

    void unlock() {
        HELD.setRelease(this, 0);
    }

    private void lockSlowly() {
        boolean interrupted = false;
        long park = MIN_PARK_NANOS;
        for (int i = 0; !tryLock(); i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else if (i < SPINS + YIELDS) {
                Thread.yield();
            } else {
                // A pending interrupt would turn parking into spinning; it is the operation's to see once it is inside.
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(this, park);
                park = Math.min(park << 1, MAX_PARK_NANOS);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
