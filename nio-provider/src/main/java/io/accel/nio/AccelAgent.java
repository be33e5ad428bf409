package io.accel.nio;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * The jar as a Java agent: sets the provider's property before the program opens its first channel, and takes the place of what
 * {@code new DatagramSocket()} is made by, where that fits. It never throws, as that would end the JVM, and never logs above DEBUG: a
 * program that cannot be accelerated runs as without an agent.
 */
public final class AccelAgent {
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static final String OURS = "io.accel.nio.AccelSelectorProvider";
    /** Loaded when the JVM's provider is chosen. */
    private static final String CHOSEN = PROPERTY + "$Holder";

    private AccelAgent() {
    }

    /** Called by the JVM before main, for {@code -javaagent:accel.jar}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        start(instrumentation);
    }

    /** Called by the JVM when attached to a running program, or for a main jar that names its agent. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(instrumentation);
    }

    private static void start(Instrumentation instrumentation) {
        try {
            final PackageAccess access = (packageName, to) -> export(instrumentation, packageName, to);
            ProviderFactory.packageAccess(access);
            final String refusal = refusal(instrumentation);
            if (refusal == null) {
                System.setProperty(PROPERTY, OURS);
                takeSockets(access);
            } else {
                System.getLogger("io.accel").log(System.Logger.Level.DEBUG, refusal);
            }
        } catch (final RuntimeException | LinkageError e) {
            System.getLogger("io.accel").log(System.Logger.Level.DEBUG, "the agent does nothing", e);
        }
    }

    /** Not before the provider is known to be ours; it is made when the program's first channel or socket asks for it. */
    private static void takeSockets(PackageAccess access) {
        final Module ours = AccelAgent.class.getModule();
        access.export("sun.nio.ch", ours);
        access.export("jdk.internal.misc", ours);
        SocketProvider.install();
    }

    /** Why the property is left alone, or null. */
    @SuppressWarnings("removal")
    private static String refusal(Instrumentation instrumentation) {
        if (System.getSecurityManager() != null) {
            return "the agent does nothing: a security manager checks every datagram";
        }
        final String set = System.getProperty(PROPERTY);
        if (set != null && !set.equals(OURS)) {
            return "the agent does nothing: " + PROPERTY + " is " + set;
        }
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return "the agent does nothing: Accel runs on Linux";
        }
        for (final Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (loaded.getName().equals(CHOSEN)) {
                return "the agent does nothing: it comes too late, the JVM has chosen its provider";
            }
        }
        return null;
    }

    private static void export(Instrumentation instrumentation, String packageName, Module to) {
        final Module base = Object.class.getModule();
        instrumentation.redefineModule(base, Set.of(), Map.of(packageName, Set.of(to)), Map.of(), Set.of(), Map.of());
    }
}
