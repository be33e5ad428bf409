package io.accel.tools;

import java.io.IOException;

/** A failure whose message tells the user all there is to know. */
public final class ToolException extends IOException {
    private static final long serialVersionUID = 1;

    /** With a message for the user. */
    public ToolException(String message) {
        super(message);
    }

    /** With the cause as well, where it matters. */
    public ToolException(String message, Throwable cause) {
        super(message, cause);
    }
}
