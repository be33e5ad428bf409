package io.accel.nio;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.natives.JdkModules;
import io.accel.udp.stack.ProcessStack;
import java.nio.channels.spi.SelectorProvider;
import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Makes the provider behind {@link AccelSelectorProvider}: ours where this JVM lets us, the JDK's own with the cause kept where it
 * does not. Names no class of {@code sun.nio.ch} until that package is open to us.
 */
final class ProviderFactory {
    private static volatile PackageAccess packageAccess;

    private ProviderFactory() {
    }

    /** An agent offers its instrumentation. */
    static void packageAccess(PackageAccess access) {
        packageAccess = access;
    }

    @SuppressWarnings("removal")
    static SelectorProvider create(SelectorProvider outer) {
        return AccessController.doPrivileged((PrivilegedAction<SelectorProvider>) () -> createPrivileged(outer));
    }

    private static SelectorProvider createPrivileged(SelectorProvider outer) {
        try {
            return ours(outer);
        } catch (final UnavailableException why) {
            Accel.unavailable(why);
            final SelectorProvider jdk = JdkProvider.find(packageAccess, why);
            return isRequired() ? new RefusingProvider(jdk, why) : jdk;
        }
    }

    private static SelectorProvider ours(SelectorProvider outer) throws UnavailableException {
        ProcessStack.check();
        final SelectorProvider provider;
        try {
            openPackages();
            JdkInternals.check();
            final Class<?> inner = Class.forName("io.accel.nio.InnerProvider");
            provider = (SelectorProvider) inner.getDeclaredConstructor(SelectorProvider.class).newInstance(outer);
        } catch (final Throwable e) {
            // A future JDK may answer with anything, and the program must have its channels.
            throw new UnavailableException(Reason.NO_JDK_INTERNALS, e);
        }
        Accel.started();
        return provider;
    }

    /** What the provider's classes link to. */
    static void openPackages() {
        final Module ours = ProviderFactory.class.getModule();
        JdkModules.export("sun.nio.ch", ours);
        JdkModules.export("sun.net", ours);
        JdkModules.export("jdk.internal.misc", ours);
        JdkModules.open("java.net", ours);
    }

    private static boolean isRequired() {
        try {
            return Configuration.ofSystem().get(Options.REQUIRE);
        } catch (final RuntimeException | LinkageError e) {
            System.getLogger("io.accel").log(System.Logger.Level.DEBUG, "the options cannot be read", e);
            return false;
        }
    }
}
