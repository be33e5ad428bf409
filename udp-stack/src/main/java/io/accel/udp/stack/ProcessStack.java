package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.natives.JdkModules;
import io.accel.core.natives.Natives;
import io.accel.udp.state.StackView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The one stack of this JVM, whatever program interfaces stand on it: an interface's queues, the names in shared memory and the counters
 * have one owner in a process. Any thread.
 */
public final class ProcessStack {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private static UdpStack stack;

    private ProcessStack() {
    }

    /** Whether it is wanted and can be tried, without starting anything. @throws UnavailableException saying why not */
    @SuppressWarnings("removal")
    public static void check() throws UnavailableException {
        // Under a security manager from the start, the JDK's channels do its checks.
        if (System.getSecurityManager() != null) {
            throw new UnavailableException(Reason.SECURITY_MANAGER, null);
        }
        final Configuration configuration;
        try {
            configuration = Configuration.ofSystem();
        } catch (final RuntimeException | LinkageError e) {
            throw new UnavailableException(Reason.DATAPATH_FAILED, e);
        }
        check(configuration);
    }

    /** The same with these options, but for a security manager. */
    static void check(Configuration configuration) throws UnavailableException {
        if (!configuration.get(Options.ENABLED)) {
            throw new UnavailableException(Reason.DISABLED, null);
        }
        if (!Natives.isAvailable()) {
            throw new UnavailableException(Reason.NO_NATIVE_LIBRARY, Natives.unavailabilityCause());
        }
    }

    /** The view of it, or null while nothing has started it, or where it cannot be. */
    public static synchronized StackView running() {
        return stack == null ? null : stack.view();
    }

    /** Starts it at the first call that can. @throws UnavailableException saying why that was not possible */
    public static synchronized UdpStack start() throws UnavailableException {
        if (stack == null) {
            check();
            try {
                // Agrona links to it, which is in the module of this class where it is not on the class path.
                JdkModules.export("jdk.internal.misc", ProcessStack.class.getModule());
                final Configuration configuration = Configuration.ofSystem();
                configuration.complaints().forEach(complaint -> LOGGER.log(Level.WARNING, complaint));
                final UdpStack made = new UdpStack(configuration);
                Exit.register(made);
                stack = made;
            } catch (final Throwable e) {
                // A future JDK or kernel may answer with anything, and the program must have its channels.
                throw new UnavailableException(Reason.DATAPATH_FAILED, e);
            }
        }
        return stack;
    }
}
