package io.accel.nio;

import java.nio.channels.spi.SelectorProvider;
import java.util.logging.Level;
import java.util.logging.Logger;
import sun.nio.ch.DefaultSelectorProvider;

/** Which provider makes the channel under test, and which its peer. With the JDK on both sides a test proves itself. */
enum Pairing {
    JDK_WITH_JDK(false, false),
    OURS_WITH_OURS(true, true),
    OURS_WITH_JDK(true, false),
    JDK_WITH_OURS(false, true);

    /** Loaded once, as a program's is. */
    private static final SelectorProvider OURS = TestProvider.ACCEL;
    /** Held, since a logger nobody holds forgets its level. */
    private static final Logger LOGGER = Logger.getLogger("io.accel");

    static {
        LOGGER.setLevel(Level.WARNING);
    }

    private final boolean ours;
    private final boolean oursAtPeer;

    Pairing(boolean ours, boolean oursAtPeer) {
        this.ours = ours;
        this.oursAtPeer = oursAtPeer;
    }

    static SelectorProvider ours() {
        return OURS;
    }

    static SelectorProvider jdk() {
        return DefaultSelectorProvider.get();
    }

    /** Of the channel under test. */
    SelectorProvider provider() {
        return ours ? OURS : jdk();
    }

    SelectorProvider peerProvider() {
        return oursAtPeer ? OURS : jdk();
    }

    boolean isOurs() {
        return ours;
    }

    /** Whether every datagram between the two must take the fast path at both ends. */
    boolean isFast() {
        return Network.HERE.isFastFrom(ours, oursAtPeer) && Network.HERE.isFastTo(ours, oursAtPeer);
    }
}
