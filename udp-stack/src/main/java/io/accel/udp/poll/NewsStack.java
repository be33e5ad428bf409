package io.accel.udp.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Sockets that other threads found ready, newest first: any thread pushes, the poller's takes all. No garbage. */
final class NewsStack {
    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(NewsStack.class, "top", PolledSocket.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile PolledSocket top;

    void push(PolledSocket socket) {
        PolledSocket below;
        do {
            below = top;
            socket.next = below;
        } while (!TOP.compareAndSet(this, below, socket));
    }

    boolean isEmpty() {
        return top == null;
    }

    /** Takes all; linked by {@link PolledSocket#next}. */
    PolledSocket takeAll() {
        return top == null ? null : (PolledSocket) TOP.getAndSet(this, null);
    }
}
