package io.accel.nio;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.SelectorProviderImpl;

/**
 * What {@code new DatagramSocket()} and {@code new MulticastSocket()} are made by once the agent has put it in the place of the JDK's
 * default provider, which they ask whatever the property names. A socket is Accel's where the program's provider is Accel's.
 */
final class SocketProvider extends SelectorProviderImpl {
    private final SelectorProviderImpl jdk;

    private SocketProvider(SelectorProviderImpl jdk) {
        this.jdk = jdk;
    }

    /**
     * Takes the place of the JDK's default provider, from then on and for all threads.
     *
     * @throws IllegalStateException naming the member that this JDK lacks
     */
    static void install() {
        JdkInternals.replaceDefaultProvider(new SocketProvider(jdk()));
    }

    /** The JDK's own provider, also behind one of these. */
    static SelectorProviderImpl jdk() {
        final SelectorProviderImpl current = DefaultSelectorProvider.get();
        return current instanceof SocketProvider ours ? ours.jdk : current;
    }

    /** The first socket makes the program's provider, as the first channel does; a socket that is opened meanwhile is the JDK's. */
    @Override
    public DatagramChannel openUninterruptibleDatagramChannel() throws IOException {
        if (SelectorProvider.provider() instanceof AccelSelectorProvider accel) {
            final SelectorProvider chosen = accel.delegate();
            if (chosen instanceof InnerProvider inner) {
                return inner.openUninterruptibleDatagramChannel();
            }
            if (chosen instanceof RefusingProvider) {
                return chosen.openDatagramChannel();
            }
        }
        return jdk.openUninterruptibleDatagramChannel();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return jdk.openSelector();
    }
}
