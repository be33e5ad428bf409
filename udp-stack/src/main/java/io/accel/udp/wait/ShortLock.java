package io.accel.udp.wait;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock that is held for less than a microsecond: one atomic operation to enter, an ordered store to leave, where a monitor costs two
 * atomic operations. Whoever waits spins, then yields. Not reentrant.
 */
public final class ShortLock {
    private static final int SPINS_BEFORE_YIELD = 100;
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(ShortLock.class, "held", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile boolean held;

    /** Enters if nobody is inside. */
    public boolean tryLock() {
        return !held && HELD.compareAndSet(this, false, true);
    }

    /** Enters as soon as nobody is inside. */
    public void lock() {
        for (int spins = 0; !tryLock(); spins++) {
            if (spins < SPINS_BEFORE_YIELD) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** Leaves; the holder's. */
    public void unlock() {
        HELD.setRelease(this, false);
    }
}
