package io.accel.nio;

import io.accel.core.natives.Natives;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.channels.spi.SelectorProvider;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ServiceConfigurationError;

/**
 * Makes the provider behind {@link AccelSelectorProvider}: ours where this JVM lets us, the JDK's own with the cause kept where it
 * does not. Names no class of {@code sun.nio.ch} until that package is open to us.
 */
final class ProviderFactory {
    private ProviderFactory() {
    }

    @SuppressWarnings("removal")
    static SelectorProvider create(SelectorProvider outer) {
        return AccessController.doPrivileged((PrivilegedAction<SelectorProvider>) () -> createPrivileged(outer));
    }

    private static SelectorProvider createPrivileged(SelectorProvider outer) {
        try {
            if (!Natives.isAvailable()) {
                throw Natives.unavailabilityCause();
            }
            JdkModules.open();
            final Class<?> inner = Class.forName("io.accel.nio.InnerProvider");
            final SelectorProvider provider = (SelectorProvider) inner.getDeclaredConstructor(SelectorProvider.class).newInstance(outer);
            JdkInternals.check();
            Accel.started();
            return provider;
        } catch (final Throwable cause) {
            Accel.unavailable(cause);
            return jdkProvider(cause);
        }
    }

    /** The JDK's provider without a native library: by an export the user gave, by instrumentation, by the trusted lookup. */
    private static SelectorProvider jdkProvider(Throwable whyNotOurs) {
        try {
            final Class<?> holder = Class.forName("sun.nio.ch.DefaultSelectorProvider");
            final SelectorProvider exported = AccelAgent.exportedProvider(holder);
            return exported != null ? exported : (SelectorProvider) trustedLookup()
                .findStatic(holder, "get", MethodType.methodType(Class.forName("sun.nio.ch.SelectorProviderImpl"))).invoke();
        } catch (final Throwable e) {
            final ServiceConfigurationError error = new ServiceConfigurationError("Accel cannot run here (" + whyNotOurs
                + ") and this JVM does not let it reach the JDK's own provider either (" + e + "): start without "
                + "-Djava.nio.channels.spi.SelectorProvider, or add --add-exports java.base/sun.nio.ch=ALL-UNNAMED", e);
            error.addSuppressed(whyNotOurs);
            throw error;
        }
    }

    /** jdk.unsupported may be missing from the image: sun.misc.Unsafe is named by reflection only. */
    private static MethodHandles.Lookup trustedLookup() throws ReflectiveOperationException {
        final Class<?> type = Class.forName("sun.misc.Unsafe");
        final Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        final Object unsafe = instance.get(null);
        final Field trusted = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        final Object base = type.getMethod("staticFieldBase", Field.class).invoke(unsafe, trusted);
        final Object offset = type.getMethod("staticFieldOffset", Field.class).invoke(unsafe, trusted);
        return (MethodHandles.Lookup) type.getMethod("getObject", Object.class, long.class).invoke(unsafe, base, offset);
    }
}
