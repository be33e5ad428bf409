package io.accel.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/**
 * A closed channel of the JDK's for each family. It answers for ours once they are closed: their shadows may outlive them in a selector,
 * and what a closed channel checks first, and which exception it throws, differs from one JDK to the next.
 */
final class ClosedChannel {
    private ClosedChannel() {
    }

    private static final class Inet {
        static final DatagramChannel CHANNEL = closed(StandardProtocolFamily.INET);

        private Inet() {
        }
    }

    private static final class Inet6 {
        static final DatagramChannel CHANNEL = closed(StandardProtocolFamily.INET6);

        private Inet6() {
        }
    }

    static DatagramChannel of(ProtocolFamily family) {
        return family == StandardProtocolFamily.INET ? Inet.CHANNEL : Inet6.CHANNEL;
    }

    /** What a blocking receive or send on a closed channel throws. */
    static ClosedChannelException inBlockingMode() {
        try {
            Inet.CHANNEL.receive(ByteBuffer.allocate(1));
            throw new AssertionError("a closed channel has received");
        } catch (final ClosedChannelException e) {
            return e;
        } catch (final IOException e) {
            throw new AssertionError("a closed channel says that it is closed", e);
        }
    }

    /** Whether a send of the adaptor's looks at its socket's state before it misses an address: newer JDKs do. */
    static boolean isLookedAtBeforeAPacket() {
        try {
            Inet.CHANNEL.socket().send(new DatagramPacket(new byte[0], 0));
            throw new AssertionError("a closed socket has sent to nobody");
        } catch (final IllegalArgumentException noAddress) {
            return false;
        } catch (final IOException closed) {
            return true;
        }
    }

    private static DatagramChannel closed(ProtocolFamily family) {
        try {
            final DatagramChannel channel = SocketProvider.jdk().openDatagramChannel(family);
            channel.close();
            return channel;
        } catch (final IOException e) {
            throw new UncheckedIOException("no descriptor for a channel that is closed at once", e);
        }
    }
}
