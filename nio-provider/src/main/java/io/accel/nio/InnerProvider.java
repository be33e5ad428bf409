package io.accel.nio;

import io.accel.core.Reason;
import io.accel.udp.stack.UdpStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.Supplier;
import sun.nio.ch.SelectorProviderImpl;

/**
 * A JDK provider in all but UDP and selectors: kernel channels come from {@link SelectorProviderImpl} with this as their
 * {@code provider()}, so that {@code pipe.source().provider().openSelector()} is ours as well.
 */
final class InnerProvider extends SelectorProviderImpl {
    private final SelectorProvider outer;
    private final Supplier<UdpStack> stack;
    private final SelectorProviderImpl jdk = SocketProvider.jdk();
    private final ProtocolFamily defaultFamily;
    private volatile boolean securityManagerTold;

    /** Over the JVM's own stack, which exists once this does. */
    InnerProvider(SelectorProvider outer) {
        this(outer, Accel::stack);
    }

    InnerProvider(SelectorProvider outer, Supplier<UdpStack> stack) {
        this.outer = outer;
        this.stack = stack;
        this.defaultFamily = defaultFamily();
    }

    /** Dual stack, unless the host has no IPv6 or java.net.preferIPv4Stack says so: then the JDK refuses to open one. */
    private ProtocolFamily defaultFamily() {
        try {
            jdk.openDatagramChannel(StandardProtocolFamily.INET6).close();
            return StandardProtocolFamily.INET6;
        } catch (final UnsupportedOperationException noIpv6) {
            return StandardProtocolFamily.INET;
        } catch (final IOException e) {
            throw new UncheckedIOException("no descriptor to ask for IPv6 with", e);
        }
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return new AccelSelector(outer, stack.get());
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return ours(jdk.openDatagramChannel(), defaultFamily, true);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return ours(jdk.openDatagramChannel(family), family, true);
    }

    /** A security manager that the program has set since wants every datagram checked, which only the JDK's channel does. */
    @SuppressWarnings("removal")
    private DatagramChannel ours(DatagramChannel kernel, ProtocolFamily family, boolean interruptible) {
        if (System.getSecurityManager() == null) {
            final UdpStack used = stack.get();
            if (securityManagerTold) {
                securityManagerTold = false;
                used.available();
            }
            used.prepare();
            return new AccelDatagramChannel(outer, used, kernel, family, interruptible);
        }
        if (!securityManagerTold) {
            securityManagerTold = true;
            stack.get().unavailable(Reason.SECURITY_MANAGER);
            System.getLogger("io.accel").log(System.Logger.Level.WARNING, "UDP channels opened from now on are the JDK''s: {0}, {1}; {2}",
                Reason.SECURITY_MANAGER, Reason.SECURITY_MANAGER.text(), Reason.SECURITY_MANAGER.remedy());
        }
        return kernel;
    }

    /** The channel under a {@code DatagramSocket}, which an interrupt does not close. */
    @Override
    public DatagramChannel openUninterruptibleDatagramChannel() throws IOException {
        return ours(jdk.openUninterruptibleDatagramChannel(), defaultFamily, false);
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }
}
