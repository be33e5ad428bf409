package io.accel.nio;

import io.accel.udp.stack.UdpStack;
import java.nio.channels.spi.SelectorProvider;

/** Makes an {@link InnerProvider}, whose class cannot be loaded before its JDK package is open: hence not where it is opened. */
final class StackProvider {
    private StackProvider() {
    }

    static SelectorProvider create(SelectorProvider outer, UdpStack stack) {
        return new InnerProvider(outer, () -> stack);
    }
}
