package io.accel.nio;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import org.agrona.UnsafeApi;
import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.SelectorImpl;
import sun.nio.ch.SelectorProviderImpl;

/** Every private member of the JDK that this module depends on, looked up once; a future JDK without one is told by name. */
final class JdkInternals {
    private static final MethodHandle IS_VIRTUAL = isVirtualHandle();

    private JdkInternals() {
    }

    /** @throws IllegalStateException naming the member that this JDK lacks */
    static void check() {
        selectorField("selectedKeys");
        selectorField("publicSelectedKeys");
        Packets.check();
    }

    /** What {@link java.net.MulticastSocket}'s constructor takes from a subclass that is a socket by itself. */
    static SocketAddress noDelegate() {
        return Packets.NO_DELEGATE;
    }

    /** How many bytes a packet may receive: its length as the program set it, which a short datagram does not change. */
    static int capacity(DatagramPacket packet) {
        synchronized (packet) {
            return (int) Packets.CAPACITY.get(packet);
        }
    }

    /** Sets what {@link DatagramPacket#getLength} answers and leaves the capacity, other than the public setter. */
    static void setLength(DatagramPacket packet, int length) {
        synchronized (packet) {
            Packets.LENGTH.set(packet, length);
        }
    }

    /** Members of java.net; initialised when that package is open to us. */
    private static final class Packets {
        private static final VarHandle LENGTH = packetField("length");
        private static final VarHandle CAPACITY = packetField("bufLength");
        private static final SocketAddress NO_DELEGATE = noDelegateField();

        private Packets() {
        }

        static void check() {
            if (NO_DELEGATE == null) {
                throw new IllegalStateException("java.net.DatagramSocket.NO_DELEGATE is null");
            }
        }

        private static VarHandle packetField(String name) {
            try {
                return MethodHandles.privateLookupIn(DatagramPacket.class, MethodHandles.lookup())
                    .findVarHandle(DatagramPacket.class, name, int.class);
            } catch (final ReflectiveOperationException e) {
                throw new IllegalStateException("this JDK has no accessible field java.net.DatagramPacket." + name, e);
            }
        }

        private static SocketAddress noDelegateField() {
            try {
                return (SocketAddress) MethodHandles.privateLookupIn(DatagramSocket.class, MethodHandles.lookup())
                    .findStaticVarHandle(DatagramSocket.class, "NO_DELEGATE", SocketAddress.class).get();
            } catch (final ReflectiveOperationException e) {
                throw new IllegalStateException("this JDK has no accessible field java.net.DatagramSocket.NO_DELEGATE", e);
            }
        }
    }

    /** Gives a selector selected-key sets without garbage; to be called before anybody sees it. */
    static void replaceSelectedKeys(Selector selector, Set<SelectionKey> keys, Set<SelectionKey> publicKeys) {
        UnsafeApi.putReferenceVolatile(selector, selectorField("selectedKeys"), keys);
        UnsafeApi.putReferenceVolatile(selector, selectorField("publicSelectedKeys"), publicKeys);
    }

    /** Sets what {@link DefaultSelectorProvider#get} answers; needs {@code sun.nio.ch} and {@code jdk.internal.misc} exported to us. */
    static void replaceDefaultProvider(SelectorProviderImpl provider) {
        final Field instance;
        try {
            instance = DefaultSelectorProvider.class.getDeclaredField("INSTANCE");
        } catch (final NoSuchFieldException e) {
            throw new IllegalStateException("this JDK has no field sun.nio.ch.DefaultSelectorProvider.INSTANCE", e);
        }
        UnsafeApi.putReferenceVolatile(UnsafeApi.staticFieldBase(instance), UnsafeApi.staticFieldOffset(instance), provider);
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
