package io.accel.netty;

import io.accel.core.UnavailableException;
import io.accel.udp.stack.ProcessStack;
import io.accel.udp.stack.UdpStack;

/** Whether this transport runs in this JVM, and why not; as Netty's own transports tell it. */
public final class Accel {
    private static final UdpStack STACK;
    private static final Throwable CAUSE;

    static {
        UdpStack stack = null;
        Throwable cause = null;
        try {
            ProcessStack.check();
            Shadow.check();
            stack = ProcessStack.start();
        } catch (final UnavailableException | RuntimeException | LinkageError e) {
            cause = e;
        }
        STACK = stack;
        CAUSE = cause;
    }

    private Accel() {
    }

    /**
     * Whether loops and channels of this transport can be made. That does not say that anything is accelerated: where no datapath is open,
     * they work through the kernel.
     */
    public static boolean isAvailable() {
        return CAUSE == null;
    }

    /** @throws UnsatisfiedLinkError with what was met as its cause */
    public static void ensureAvailability() {
        if (CAUSE != null) {
            throw (Error) new UnsatisfiedLinkError("the Accel transport is not available: " + CAUSE.getMessage()).initCause(CAUSE);
        }
    }

    /** Why it is not available, or null: mostly an {@link UnavailableException} with its reason. */
    public static Throwable unavailabilityCause() {
        return CAUSE;
    }

    /** The stack of this JVM; null when unavailable. */
    static UdpStack stack() {
        return STACK;
    }
}
