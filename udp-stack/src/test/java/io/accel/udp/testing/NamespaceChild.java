package io.accel.udp.testing;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.opentest4j.TestAbortedException;

/** The child's side of {@link InNamespace}: runs one test method; the exit status and the output are the result. */
public final class NamespaceChild {
    static final int ABORTED = 77;

    private NamespaceChild() {
    }

    public static void main(String[] args) throws ReflectiveOperationException {
        final Class<?> test = Class.forName(args[0]);
        final Constructor<?> constructor = test.getDeclaredConstructor();
        constructor.setAccessible(true);
        final Method method = test.getDeclaredMethod(args[1]);
        method.setAccessible(true);
        try {
            method.invoke(constructor.newInstance());
        } catch (final InvocationTargetException e) {
            if (e.getCause() instanceof TestAbortedException aborted) {
                System.out.println(aborted.getMessage());
                System.exit(ABORTED);
            }
            e.getCause().printStackTrace(System.out);
            System.exit(1);
        }
        System.exit(0);
    }
}
