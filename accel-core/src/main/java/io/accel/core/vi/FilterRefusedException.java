package io.accel.core.vi;

import io.accel.core.Reason;

/** A filter that could not be installed; the message says what to do about it. */
public final class FilterRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public FilterRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
