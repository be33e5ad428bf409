package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every provider must do, run with each {@link Pairing}; once with shared memory and, by a second execution of the build, once
 * with {@code accel.interfaces=none}.
 */
@Tag("contract")
@ParameterizedClass
@EnumSource(Pairing.class)
abstract class Contract {
    static final InetAddress LOOPBACK = loopback();

    @Parameter
    Pairing pairing;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    /** The channel under test, unbound. */
    DatagramChannel open() throws IOException {
        return closing(pairing.provider().openDatagramChannel());
    }

    DatagramChannel openPeer() throws IOException {
        return closing(pairing.peerProvider().openDatagramChannel());
    }

    /** The channel under test at an ephemeral port of 127.0.0.1. */
    DatagramChannel bound() throws IOException {
        return open().bind(new InetSocketAddress(LOOPBACK, 0));
    }

    DatagramChannel boundPeer() throws IOException {
        return openPeer().bind(new InetSocketAddress(LOOPBACK, 0));
    }

    Selector selector() throws IOException {
        return closing(pairing.provider().openSelector());
    }

    static InetSocketAddress addressOf(DatagramChannel channel) throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** An address on the loopback interface at the channel's port, also where it is bound to the wildcard. */
    static InetSocketAddress reachable(DatagramChannel channel) throws IOException {
        return new InetSocketAddress(LOOPBACK, addressOf(channel).getPort());
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String text(ByteBuffer flipped) {
        return StandardCharsets.US_ASCII.decode(flipped.duplicate()).toString();
    }

    /** The next datagram's sender, whatever the blocking mode; the buffer is not flipped. */
    static SocketAddress receive(DatagramChannel channel, ByteBuffer into) throws Exception {
        return Eventually.get("a datagram", () -> channel.receive(into));
    }

    static String receiveText(DatagramChannel channel) throws Exception {
        final ByteBuffer into = ByteBuffer.allocate(65_536);
        receive(channel, into);
        return text(into.flip());
    }

    /** Sends after all that was sent before by this channel: where it arrives, the earlier ones have or never will. */
    void assertNothingBefore(DatagramChannel sender, DatagramChannel receiver) throws Exception {
        sender.send(bytes("mark"), reachable(receiver));
        assertThat(receiveText(receiver)).isEqualTo("mark");
    }

    /** Where both ends are ours, all of it went through shared memory. */
    void assertFast(DatagramChannel sender, DatagramChannel receiver, long datagrams) {
        if (pairing.isFast()) {
            final var sent = ((AccelDatagramChannel) sender).udpSocket().counters();
            final var received = ((AccelDatagramChannel) receiver).udpSocket().counters();
            assertThat(sent.fastSent).as("sent on the fast path").isEqualTo(datagrams);
            assertThat(sent.kernelSent).as("sent through the kernel").isZero();
            assertThat(received.fastReceived).as("received on the fast path").isEqualTo(datagrams);
            assertThat(received.kernelReceived).as("received through the kernel").isZero();
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (final IOException e) {
            throw new AssertionError("four bytes are an IPv4 address", e);
        }
    }
}
