package io.accel.core.datapath;

import io.accel.core.Reason;

/** A datapath that cannot start; it never breaks the program, whose channels use the kernel and carry this. */
public final class DatapathException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public DatapathException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public DatapathException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
