package io.accel.nio;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import org.agrona.UnsafeApi;
import sun.nio.ch.SelectorImpl;

/** Every private member of the JDK that this module depends on, looked up once; a future JDK without one is told by name. */
final class JdkInternals {
    private static final MethodHandle IS_VIRTUAL = isVirtualHandle();

    private JdkInternals() {
    }

    /** @throws IllegalStateException naming the member that this JDK lacks */
    static void check() {
        selectorField("selectedKeys");
        selectorField("publicSelectedKeys");
    }

    /** Gives a selector selected-key sets without garbage; to be called before anybody sees it. */
    static void replaceSelectedKeys(Selector selector, Set<SelectionKey> keys, Set<SelectionKey> publicKeys) {
        UnsafeApi.putReferenceVolatile(selector, selectorField("selectedKeys"), keys);
        UnsafeApi.putReferenceVolatile(selector, selectorField("publicSelectedKeys"), publicKeys);
    }

    /** Whether the caller is a virtual thread, which must not block in native code. */
    static boolean isVirtualThread() {
        if (IS_VIRTUAL == null) {
            return false;
        }
        try {
            return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (final Throwable e) {
            throw new AssertionError("Thread.isVirtual does not throw", e);
        }
    }

    private static long selectorField(String name) {
        try {
            return UnsafeApi.objectFieldOffset(SelectorImpl.class, name);
        } catch (final InternalError e) {
            throw new IllegalStateException("this JDK has no field sun.nio.ch.SelectorImpl." + name, e);
        }
    }

    private static MethodHandle isVirtualHandle() {
        try {
            return MethodHandles.publicLookup().findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (final ReflectiveOperationException beforeJdk21) {
            return null;
        }
    }
}
