package io.accel.netty;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import io.accel.core.natives.JdkModules;
import io.accel.udp.socket.ShadowAddress;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * The kernel's socket behind a channel: a channel of the JDK's own provider, whichever the program has named, and its descriptor.
 * Non-blocking.
 */
final class Shadow {
    private static final String PACKAGE = "sun.nio.ch";

    private final DatagramChannel channel;
    private final int fd;

    private Shadow(DatagramChannel channel, int fd) {
        this.channel = channel;
        this.fd = fd;
    }

    /** Members of the JDK that are not for everybody, looked up when their package is open to us. */
    private static final class Members {
        static final SelectorProvider PROVIDER;
        static final Method DESCRIPTOR;

        static {
            try {
                JdkModules.export(PACKAGE, Shadow.class.getModule());
                PROVIDER = (SelectorProvider) Class.forName(PACKAGE + ".DefaultSelectorProvider").getMethod("get").invoke(null);
                DESCRIPTOR = Class.forName(PACKAGE + ".SelChImpl").getMethod("getFDVal");
            } catch (final ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private Members() {
        }
    }

    /** @throws UnavailableException when this JDK has not what it takes; nothing is opened */
    static void check() throws UnavailableException {
        try {
            if (Members.PROVIDER == null || Members.DESCRIPTOR == null) {
                throw new UnavailableException(Reason.NO_JDK_INTERNALS, null);
            }
        } catch (final LinkageError e) {
            throw new UnavailableException(Reason.NO_JDK_INTERNALS, e.getCause() == null ? e : e.getCause());
        }
    }

    /** @param family null: the system's default, dual stack where there is IPv6 */
    static Shadow open(SocketProtocolFamily family) {
        DatagramChannel made = null;
        try {
            made = family == null ? Members.PROVIDER.openDatagramChannel() : Members.PROVIDER.openDatagramChannel(family.toJdkFamily());
            made.configureBlocking(false);
            final Shadow shadow = new Shadow(made, (int) Members.DESCRIPTOR.invoke(made));
            made = null;
            return shadow;
        } catch (final IOException e) {
            throw new ChannelException("no UDP socket could be opened", e);
        } catch (final IllegalAccessException | InvocationTargetException e) {
            throw new ChannelException("the JDK does not tell a socket's descriptor", e);
        } finally {
            closeIfLeft(made);
        }
    }

    private static void closeIfLeft(DatagramChannel made) {
        if (made != null) {
            try {
                made.close();
            } catch (final IOException e) {
                throw new ChannelException("a socket that is not wanted could not be closed", e);
            }
        }
    }

    DatagramChannel channel() {
        return channel;
    }

    int fd() {
        return fd;
    }

    /** Where the kernel has bound it, or null. */
    InetSocketAddress local() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** What the kernel made of a bind. */
    ShadowAddress address() throws IOException {
        return new ShadowAddress(fd, local());
    }
}
