package io.accel.nio;

import java.nio.channels.spi.SelectorProvider;

/** One provider of ours for the tests of this JVM, whose own provider is the JDK's. */
final class TestProvider {
    static final SelectorProvider ACCEL = new AccelSelectorProvider();

    private TestProvider() {
    }
}
