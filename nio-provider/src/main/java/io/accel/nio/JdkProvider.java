package io.accel.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;

/**
 * The ways to the JDK's own provider, which no public API leads to once a property names another. In order: as it is, when its package
 * is exported to us already, by our native library or by the user; by an agent's instrumentation; by the trusted lookup.
 */
final class JdkProvider {
    private static final String PACKAGE = "sun.nio.ch";
    private static final String HOLDER = PACKAGE + ".DefaultSelectorProvider";

    private JdkProvider() {
    }

    @FunctionalInterface
    private interface Way {
        SelectorProvider take() throws Throwable;
    }

    /**
     * Finds it.
     *
     * @param access an agent's, or null
     * @param whyNotOurs told when no way is left
     * @throws ServiceConfigurationError when this JVM allows none of the ways
     */
    static SelectorProvider find(PackageAccess access, Throwable whyNotOurs) {
        final List<Throwable> failures = new ArrayList<>();
        SelectorProvider found = attempt(JdkProvider::exported, failures);
        if (found == null && access != null) {
            found = attempt(() -> {
                access.export(PACKAGE, JdkProvider.class.getModule());
                return exported();
            }, failures);
        }
        if (found == null) {
            found = attempt(JdkProvider::trusted, failures);
        }
        if (found == null) {
            throw noWay(whyNotOurs, failures);
        }
        return found;
    }

    private static SelectorProvider attempt(Way way, List<Throwable> failures) {
        try {
            return way.take();
        } catch (final Throwable e) {
            failures.add(e);
            return null;
        }
    }

    private static SelectorProvider exported() throws ReflectiveOperationException {
        Class.forName(HOLDER).getMethod("get").invoke(null);
        // Reflection has shown that the package is exported: a class that names it may be loaded.
        return SocketProvider.jdk();
    }

    private static SelectorProvider trusted() throws Throwable {
        final Class<?> holder = Class.forName(HOLDER);
        return (SelectorProvider) trustedLookup().findStatic(holder, "get", MethodType.methodType(Class.forName(PACKAGE
            + ".SelectorProviderImpl"))).invoke();
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

    private static ServiceConfigurationError noWay(Throwable whyNotOurs, List<Throwable> failures) {
        final ServiceConfigurationError error = new ServiceConfigurationError("Accel cannot run here (" + whyNotOurs.getMessage()
            + ") and this JVM does not let it reach the JDK's own provider either " + failures
            + ": start without -Djava.nio.channels.spi.SelectorProvider, or add --add-exports java.base/sun.nio.ch=ALL-UNNAMED"
            + " (=io.accel on the module path), or add the module jdk.unsupported", whyNotOurs);
        failures.forEach(error::addSuppressed);
        return error;
    }
}
