package io.accel.nio;

import io.accel.udp.stack.UdpStack;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/**
 * The provider that a program names with {@code -Djava.nio.channels.spi.SelectorProvider}. UDP channels and selectors are
 * Accel's, everything else the JDK's; where Accel cannot run, all is the JDK's and {@link Accel#unavailabilityCause()} says why.
 *
 * <p>This class must not name a subclass of {@code sun.nio.ch.SelectorImpl}, not even inside a method: the verifier would load it
 * before {@link ProviderFactory} has opened that package to us.
 */
public final class AccelSelectorProvider extends SelectorProvider {
    private final SelectorProvider delegate;

    /** Called once by {@link SelectorProvider#provider()}; never throws because Accel cannot run. */
    public AccelSelectorProvider() {
        delegate = ProviderFactory.create(this);
    }

    private AccelSelectorProvider(UdpStack stack) {
        ProviderFactory.openPackages();
        delegate = StackProvider.create(this, stack);
    }

    /**
     * A provider over a stack of the caller's, for programs that embed Accel and for tests; the system's provider is not touched.
     *
     * @throws UnsatisfiedLinkError without the native library
     */
    public static SelectorProvider over(UdpStack stack) {
        return new AccelSelectorProvider(stack);
    }

    /** Who answers: Accel, or the JDK where Accel cannot run. */
    SelectorProvider delegate() {
        return delegate;
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return delegate.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return delegate.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return delegate.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return delegate.openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return delegate.openServerSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return delegate.openServerSocketChannel(family);
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return delegate.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return delegate.openSocketChannel(family);
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return delegate.inheritedChannel();
    }
}
