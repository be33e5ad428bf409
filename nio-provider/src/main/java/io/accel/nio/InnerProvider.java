package io.accel.nio;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.SelectorProviderImpl;

/**
 * A JDK provider in all but UDP and selectors: kernel channels come from {@link SelectorProviderImpl} with this as their
 * {@code provider()}, so that {@code pipe.source().provider().openSelector()} is ours as well.
 */
final class InnerProvider extends SelectorProviderImpl {
    private final SelectorProvider outer;
    private final SelectorProviderImpl jdk = DefaultSelectorProvider.get();

    InnerProvider(SelectorProvider outer) {
        this.outer = outer;
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return new AccelSelector(outer);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return new AccelDatagramChannel(outer, jdk.openDatagramChannel(), true);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return new AccelDatagramChannel(outer, jdk.openDatagramChannel(family), true);
    }

    @Override
    public DatagramChannel openUninterruptibleDatagramChannel() throws IOException {
        return jdk.openUninterruptibleDatagramChannel();
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }
}
