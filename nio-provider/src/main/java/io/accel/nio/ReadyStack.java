package io.accel.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Keys that other threads found ready, newest first: any thread pushes, the selecting thread takes all. No garbage. */
final class ReadyStack {
    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(ReadyStack.class, "top", FastKey.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile FastKey top;

    void push(FastKey key) {
        FastKey below;
        do {
            below = top;
            key.next = below;
        } while (!TOP.compareAndSet(this, below, key));
    }

    boolean isEmpty() {
        return top == null;
    }

    /** Takes all; linked by {@link FastKey#next}. */
    FastKey takeAll() {
        return top == null ? null : (FastKey) TOP.getAndSet(this, null);
    }
}
