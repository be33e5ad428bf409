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
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every provider must do, run with each {@link Pairing} on each {@link Network}: executions of the build go over shared memory, the
 * kernel ({@code accel.interfaces=none}), AF_XDP, ef_vi on each kind of NIC, and a pair.
 */
@Tag("contract")
@Tag("wire")
@ParameterizedClass
@MethodSource("pairings")
abstract class Contract {
    /** Tag of what a pair cannot do, whose frames never reach a kernel: ICMP, what a foreign selector watches, and shared ports. */
    static final String KERNEL_BEHIND = "kernel-behind";
    /** Tag of what a wire does not do (docs/contract.md). */
    static final String ON_HOST = "on-host";
    static final InetAddress LOOPBACK = Network.LOOPBACK.near();
    /** Address of the channel under test. */
    static final InetAddress NEAR = Network.HERE.near();
    /** Address of its peer. */
    static final InetAddress FAR = Network.HERE.far();

    @Parameter
    Pairing pairing;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Set<DatagramChannel> peers = Collections.newSetFromMap(new IdentityHashMap<>());

    static Pairing[] pairings() {
        return Network.HERE.pairings();
    }

    @BeforeAll
    static void needNetwork() {
        Assumptions.assumeTrue(Network.refusal() == null, Network.refusal());
    }

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
        return peer(closing(pairing.peerProvider().openDatagramChannel()));
    }

    /** Says that a channel is on the peer's side. */
    DatagramChannel peer(DatagramChannel channel) {
        peers.add(channel);
        return channel;
    }

    /** The channel under test at an ephemeral port of its address. */
    DatagramChannel bound() throws IOException {
        return open().bind(new InetSocketAddress(NEAR, 0));
    }

    DatagramChannel boundPeer() throws IOException {
        return openPeer().bind(new InetSocketAddress(FAR, 0));
    }

    Selector selector() throws IOException {
        return closing(pairing.provider().openSelector());
    }

    static InetSocketAddress addressOf(DatagramChannel channel) throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** Where a channel can be reached, also one that is bound to the wildcard. */
    InetSocketAddress reachable(DatagramChannel channel) throws IOException {
        return new InetSocketAddress(peers.contains(channel) ? FAR : NEAR, addressOf(channel).getPort());
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

    /** Every end that is ours and whose datagrams can take the fast path has had exactly so many there, and none through the kernel. */
    void assertFast(DatagramChannel sender, DatagramChannel receiver, long datagrams) {
        assertFast(sender, receiver, datagrams, 0);
    }

    /** @param kernel those that have no fast path, being longer than it takes */
    void assertFast(DatagramChannel sender, DatagramChannel receiver, long fast, long kernel) {
        final boolean fromOurs = sender instanceof AccelDatagramChannel;
        final boolean toOurs = receiver instanceof AccelDatagramChannel;
        if (Network.HERE.isFastFrom(fromOurs, toOurs)) {
            final var sent = ((AccelDatagramChannel) sender).udpSocket().counters();
            assertThat(sent.fastSent).as("sent on the fast path").isEqualTo(fast);
            assertThat(sent.kernelSent).as("sent through the kernel").isEqualTo(kernel);
        }
        if (Network.HERE.isFastTo(fromOurs, toOurs)) {
            final var received = ((AccelDatagramChannel) receiver).udpSocket().counters();
            assertThat(received.fastReceived).as("received on the fast path").isEqualTo(fast);
            assertThat(received.kernelReceived).as("received through the kernel").isEqualTo(kernel);
        }
    }
}
