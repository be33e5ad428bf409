package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import io.accel.core.config.Configuration;
import io.accel.core.counters.Counters;
import io.accel.core.counters.StateFile;
import io.accel.core.natives.JdkModules;
import io.accel.core.natives.Natives;
import io.accel.udp.flight.FlightEvents;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Tells those outside why a JVM that was to have a stack has none: a recording by an event, and stackdump and explain by the state file
 * that the stack would write, once. Without the native library there is no such file; who has switched Accel off is not to find any.
 */
public final class Unavailability {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private static boolean published;

    private Unavailability() {
    }

    /** Every UDP channel is the JDK's. Never throws. */
    public static void tell(UnavailableException why) {
        FlightEvents.unavailable(why.reason(), why.getMessage());
        if (why.reason() == Reason.DISABLED || !Natives.isAvailable()) {
            return;
        }
        try {
            publish(why.reason());
        } catch (final Exception | LinkageError e) {
            // Of a future JDK, or under a security manager; the program must have its channels, and the log has told.
            LOGGER.log(Level.DEBUG, "why Accel is unavailable is not told to stackdump", e);
        }
    }

    private static synchronized void publish(Reason reason) {
        if (published) {
            return;
        }
        published = true;
        JdkModules.export("jdk.internal.misc", Unavailability.class.getModule());
        final Configuration configuration = Configuration.ofSystem();
        final Counters counters = Counters.open(configuration);
        Runtime.getRuntime().addShutdownHook(new Thread(counters::close, "accel-exit"));
        final StateFile file = counters.state().orElse(null);
        if (file != null) {
            file.replace(new StateDocument(configuration).write(reason, System.currentTimeMillis()));
        }
    }
}
