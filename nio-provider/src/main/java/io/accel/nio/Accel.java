package io.accel.nio;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import io.accel.udp.stack.ProcessStack;
import io.accel.udp.stack.Report;
import io.accel.udp.stack.UdpStack;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** Whether Accel runs in this JVM, and why not. */
public final class Accel {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private static volatile UdpStack stack;
    private static volatile Throwable unavailabilityCause;

    private Accel() {
    }

    /** Whether UDP channels that the provider opens can be accelerated. */
    public static boolean isAvailable() {
        return stack != null;
    }

    /** Why every channel is the JDK's, an {@link UnavailableException} with its reason, or null. */
    public static Throwable unavailabilityCause() {
        return unavailabilityCause;
    }

    /** What the stack has done so far, in the lines of the exit report; none where it does not run. Slow. */
    public static List<String> report() {
        final UdpStack running = stack;
        return running == null ? List.of() : Report.lines(running);
    }

    static UdpStack stack() {
        return stack;
    }

    /** One stack for the JVM, however many providers are made. */
    static void started() throws UnavailableException {
        stack = ProcessStack.start();
    }

    /** Tells it in one line: a warning, but for what the user asked for. */
    static void unavailable(UnavailableException cause) {
        unavailabilityCause = cause;
        final Level level = cause.reason() == Reason.DISABLED ? Level.INFO : Level.WARNING;
        LOGGER.log(level, "every channel is the JDK''s: {0}", cause.getMessage());
    }
}
