package io.accel.nio;

import io.accel.core.config.Configuration;
import io.accel.udp.stack.UdpStack;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;

/** One provider of ours for the tests of this JVM, whose own provider is the JDK's. */
final class TestProvider {
    static final SelectorProvider ACCEL;
    static final UdpStack STACK;

    static {
        if (Network.HERE == Network.PAIR) {
            STACK = stackOverPair();
            ACCEL = AccelSelectorProvider.over(STACK);
        } else {
            ACCEL = new AccelSelectorProvider();
            STACK = Accel.stack();
        }
    }

    private TestProvider() {
    }

    private static UdpStack stackOverPair() {
        final PairDatapath pair = new PairDatapath();
        try {
            return new UdpStack(Configuration.ofSystem(), name -> pair);
        } catch (final IOException e) {
            throw new AssertionError("the kernel's tables cannot be read", e);
        }
    }
}
