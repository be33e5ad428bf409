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
    private static final int FREE = 0;
    private static final int OPERATION = 1;
    private static final int LOOK = 2;
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
        if (!HELD.compareAndSet(this, FREE, OPERATION)) {
            lockSlowly();
        }
    }

    boolean tryLock() {
        return held == FREE && HELD.compareAndSet(this, FREE, OPERATION);
    }

    /**
     * As {@link #tryLock} for one who must not miss a holder that is just leaving: what that one read before it left may be older than
     * what we have written, since the release is no full fence, but its store is out long before the patience is over.
     */
    boolean tryLockPatiently() {
        for (int i = 0; i < SPINS; i++) {
            if (tryLock()) {
                return true;
            }
            Thread.onSpinWait();
        }
        Thread.yield();
        return tryLock();
    }

    boolean isFree() {
        return held == FREE;
    }

    /** As {@link #tryLock} for a glance of a few nanoseconds: where another thread glances too, this one waits for its turn. */
    boolean tryLockToLook() {
        for (int i = 0;; i++) {
            final int now = held;
            if (now == OPERATION) {
                return false;
            }
            if (now == FREE && HELD.compareAndSet(this, FREE, LOOK)) {
                return true;
            }
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    void unlock() {
        HELD.setRelease(this, FREE);
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
