package io.accel.core;

/** Why Accel does not run in this JVM, so that every channel is the JDK's: a {@link Reason}, and what was met as the cause. */
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** @param cause what was met, or null */
    public UnavailableException(Reason reason, Throwable cause) {
        super(reason + ", " + reason.text() + (cause == null ? "" : " (" + words(cause) + ")") + "; " + reason.remedy(), cause);
        this.reason = reason;
    }

    /** The stable name of what was missing. */
    public Reason reason() {
        return reason;
    }

    private static String words(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
