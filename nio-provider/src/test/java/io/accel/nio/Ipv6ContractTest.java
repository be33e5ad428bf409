package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** IPv6, and both versions through one dual-stack channel, which is what a channel is by default. */
class Ipv6ContractTest extends Contract {
    private static final int MAX = 65_527;
    private static final InetAddress NEAR_IPV6 = Network.HERE.nearIpv6();
    private static final InetAddress FAR_IPV6 = Network.HERE.farIpv6();

    private DatagramChannel channel;
    private DatagramChannel peer;

    private static InetAddress address(int... words) {
        final ByteBuffer octets = ByteBuffer.allocate(16);
        for (final int word : words) {
            octets.putInt(word);
        }
        try {
            return Inet6Address.getByAddress(null, octets.array(), -1);
        } catch (final IOException e) {
            throw new AssertionError("sixteen bytes are an IPv6 address", e);
        }
    }

    @BeforeEach
    void openBoth() throws Exception {
        assumeTrue(NetworkInterface.getByInetAddress(NEAR_IPV6) != null, "needs an IPv6 address");
        channel = open().bind(new InetSocketAddress(NEAR_IPV6, 0));
        peer = openPeer().bind(new InetSocketAddress(FAR_IPV6, 0));
    }

    private static InetSocketAddress at(InetAddress address, DatagramChannel channel) throws IOException {
        return new InetSocketAddress(address, addressOf(channel).getPort());
    }

    private DatagramChannel wildcard() throws IOException {
        return open().bind(new InetSocketAddress(address(0, 0, 0, 0), 0));
    }

    @Test
    void bothWaysOverTheLoopback() throws Exception {
        assertThat(addressOf(channel).getAddress()).isEqualTo(NEAR_IPV6).isInstanceOf(Inet6Address.class);
        final ByteBuffer into = ByteBuffer.allocate(100);
        peer.send(bytes("there"), addressOf(channel));
        assertThat(receive(channel, into)).isEqualTo(addressOf(peer));
        assertThat(text(into.flip())).isEqualTo("there");
        channel.send(bytes("back"), addressOf(peer));
        assertThat(receiveText(peer)).isEqualTo("back");
        assertFast(peer, channel, 1);
        assertFast(channel, peer, 1);
    }

    @Test
    void consecutiveDatagramsOfAPeerNameItByOneObject() throws Exception {
        peer.send(bytes("1"), addressOf(channel));
        peer.send(bytes("2"), addressOf(channel));
        final SocketAddress first = receive(channel, ByteBuffer.allocate(9));
        assertThat(receive(channel, ByteBuffer.allocate(9))).isSameAs(first);
        assertThat(((Inet6Address) ((InetSocketAddress) first).getAddress()).getScopeId()).isZero();
    }

    @Test
    void aDualStackWildcardHearsBothVersionsAndTellsThemApart() throws Exception {
        final DatagramChannel dual = wildcard();
        final DatagramChannel four = boundPeer();
        for (int i = 0; i < 3; i++) {
            peer.send(bytes("six"), at(NEAR_IPV6, dual));
            assertThat(receive(dual, ByteBuffer.allocate(9))).isEqualTo(addressOf(peer));
            four.send(bytes("four"), reachable(dual));
            final InetSocketAddress from = (InetSocketAddress) receive(dual, ByteBuffer.allocate(9));
            assertThat(from).isEqualTo(addressOf(four));
            assertThat(from.getAddress()).isInstanceOf(Inet4Address.class);
        }
        if (pairing.isFast()) {
            assertThat(((AccelDatagramChannel) dual).udpSocket().counters().fastReceived).isEqualTo(6);
        }
    }

    @Test
    void aDualStackWildcardSendsToBothVersions() throws Exception {
        final DatagramChannel dual = wildcard();
        final DatagramChannel four = boundPeer();
        dual.send(bytes("six"), addressOf(peer));
        assertThat(receive(peer, ByteBuffer.allocate(9))).isEqualTo(at(NEAR_IPV6, dual));
        dual.send(bytes("four"), addressOf(four));
        assertThat(receive(four, ByteBuffer.allocate(9))).isEqualTo(reachable(dual));
        if (pairing.isFast()) {
            assertThat(((AccelDatagramChannel) dual).udpSocket().counters().fastSent).isEqualTo(2);
        }
    }

    @Test
    void aMappedInet6AddressReachesIpv4() throws Exception {
        final DatagramChannel four = boundPeer();
        final InetAddress mapped = address(0, 0, 0xFFFF, ByteBuffer.wrap(FAR.getAddress()).getInt());
        assertThat(mapped).isInstanceOf(Inet6Address.class);
        final DatagramChannel dual = wildcard();
        dual.send(bytes("mapped"), at(mapped, four));
        assertThat(receive(four, ByteBuffer.allocate(9))).isEqualTo(reachable(dual));
        assertFast(dual, four, 1);
    }

    @Test
    void aChannelBoundToOneVersionDoesNotHearTheOther() throws Exception {
        final DatagramChannel both = openPeer().bind(new InetSocketAddress(address(0, 0, 0, 0), 0));
        both.send(bytes("four"), reachable(channel));
        both.send(bytes("six"), addressOf(channel));
        assertThat(receiveText(channel)).isEqualTo("six");

        final DatagramChannel onlyFour = closing(pairing.provider().openDatagramChannel(StandardProtocolFamily.INET)).bind(null);
        both.send(bytes("six"), at(NEAR_IPV6, onlyFour));
        both.send(bytes("four"), reachable(onlyFour));
        assertThat(receiveText(onlyFour)).isEqualTo("four");
    }

    @Test
    void aPortIsSharedByTheVersionsWhereTheirSocketsAreApart() throws Exception {
        final DatagramChannel four = closing(pairing.provider().openDatagramChannel(StandardProtocolFamily.INET))
            .bind(new InetSocketAddress(NEAR, addressOf(channel).getPort()));
        final DatagramChannel both = openPeer().bind(new InetSocketAddress(address(0, 0, 0, 0), 0));
        both.send(bytes("four"), addressOf(four));
        both.send(bytes("six"), addressOf(channel));
        assertThat(receiveText(four)).isEqualTo("four");
        assertThat(receiveText(channel)).isEqualTo("six");
    }

    @Test
    void anAddressOfTheOtherVersionIsRefusedWhereTheChannelIsBoundToOne() throws Exception {
        final DatagramChannel four = bound();
        assertThatThrownBy(() -> four.send(bytes("x"), addressOf(peer))).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> channel.send(bytes("x"), new InetSocketAddress(FAR, 9))).isInstanceOf(IOException.class);
        peer.send(bytes("still open"), addressOf(channel));
        assertThat(receiveText(channel)).isEqualTo("still open");
    }

    @Test
    void aConnectedChannelHearsItsPeerOnly() throws Exception {
        final DatagramChannel dual = wildcard();
        dual.connect(addressOf(peer));
        assertThat(dual.getLocalAddress()).isEqualTo(at(NEAR_IPV6, dual));
        assertThat(dual.getRemoteAddress()).isEqualTo(addressOf(peer));
        final DatagramChannel other = openPeer().bind(new InetSocketAddress(FAR_IPV6, 0));
        other.send(bytes("other"), at(NEAR_IPV6, dual));
        peer.send(bytes("peer"), at(NEAR_IPV6, dual));
        final ByteBuffer into = ByteBuffer.allocate(9);
        dual.read(into);
        assertThat(text(into.flip())).isEqualTo("peer");
        dual.write(bytes("answer"));
        assertThat(receiveText(peer)).isEqualTo("answer");
        assertThatThrownBy(() -> dual.send(bytes("x"), addressOf(other))).isInstanceOf(AlreadyConnectedException.class);
    }

    @Test
    @Tag(KERNEL_BEHIND)
    void aDisconnectedChannelHearsOthersOfItsFormerPeersHostAndOverIpv4() throws Exception {
        final DatagramChannel dual = wildcard();
        dual.connect(addressOf(peer));
        dual.disconnect();
        final DatagramChannel other = openPeer().bind(new InetSocketAddress(FAR_IPV6, 0));
        assertThat(addressOf(dual).getAddress().isAnyLocalAddress()).isTrue();
        other.send(bytes("after"), at(NEAR_IPV6, dual));
        assertThat(receiveText(dual)).isEqualTo("after");
        // What comes over IPv6 may be the kernel's now (docs/limits.md); IPv4 has its fast path back.
        final long fast = pairing.isFast() ? ((AccelDatagramChannel) dual).udpSocket().counters().fastReceived : 0;
        final DatagramChannel four = boundPeer();
        four.send(bytes("four"), reachable(dual));
        assertThat(receiveText(dual)).isEqualTo("four");
        if (pairing.isFast()) {
            assertThat(((AccelDatagramChannel) dual).udpSocket().counters().fastReceived).isEqualTo(fast + 1);
        }
    }

    @Test
    void anUnboundChannelIsBoundByWhatItSends() throws Exception {
        final DatagramChannel fresh = open();
        fresh.send(bytes("first"), addressOf(peer));
        assertThat(addressOf(fresh).getAddress().isAnyLocalAddress()).isTrue();
        assertThat(receive(peer, ByteBuffer.allocate(9))).isEqualTo(at(NEAR_IPV6, fresh));
        assertFast(fresh, peer, 1);
    }

    @Test
    void fromNothingToTheLongest() throws Exception {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 18);
        peer.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 18);
        final int[] sizes = {0, 1, 1452, 1453, 65_507, 65_508, MAX};
        for (final int size : sizes) {
            final ByteBuffer out = ByteBuffer.allocateDirect(size);
            for (int i = 0; i < size; i++) {
                out.put(i, (byte) (i * 31 + size));
            }
            assertThat(channel.send(out, addressOf(peer))).isEqualTo(size);
            final ByteBuffer into = ByteBuffer.allocateDirect(70_000);
            receive(peer, into);
            assertThat(into.flip()).as("%d bytes", size).isEqualTo(out.flip());
        }
        assertThatThrownBy(() -> channel.send(ByteBuffer.allocate(MAX + 1), addressOf(peer))).isInstanceOf(SocketException.class)
            .hasMessage("Message too long");
        final long fast = IntStream.of(sizes).filter(size -> size <= Network.HERE.maxFastPayloadIpv6()).count();
        assertFast(channel, peer, fast, sizes.length - fast);
    }

    @Test
    void theLongestOfSeveralBuffers() throws Exception {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 18);
        channel.connect(addressOf(peer));
        peer.connect(addressOf(channel));
        final ByteBuffer[] out = {ByteBuffer.allocate(1000).put(0, (byte) 1), ByteBuffer.allocateDirect(MAX - 1000)};
        assertThat(channel.write(out)).isEqualTo(MAX);
        final ByteBuffer[] into = {ByteBuffer.allocate(500), ByteBuffer.allocate(70_000)};
        long n = 0;
        while (n == 0) {
            n = peer.read(into);
        }
        assertThat(n).isEqualTo(MAX);
        assertThat(into[0].get(0)).isEqualTo((byte) 1);
        assertThatThrownBy(() -> channel.write(new ByteBuffer[] {ByteBuffer.allocate(1000), ByteBuffer.allocate(MAX - 999)}))
            .isInstanceOf(IOException.class).hasMessage("Message too long");
    }

    @Test
    void aSelectorSeesItAndTheAdaptorReceivesIt() throws Exception {
        channel.configureBlocking(false);
        final Selector selector = selector();
        channel.register(selector, SelectionKey.OP_READ);
        peer.send(bytes("selected"), addressOf(channel));
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(receiveText(channel)).isEqualTo("selected");

        final DatagramChannel blocking = wildcard();
        final DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        peer.send(bytes("adapted"), at(NEAR_IPV6, blocking));
        blocking.socket().setSoTimeout(10_000);
        blocking.socket().receive(packet);
        assertThat(packet.getSocketAddress()).isEqualTo(addressOf(peer));
        packet.setLength(3);
        blocking.socket().send(packet);
        assertThat(receiveText(peer)).isEqualTo("ada");
    }

    @Test
    void theTrafficClassIsAnOptionOfBothVersions() throws Exception {
        channel.setOption(StandardSocketOptions.IP_TOS, 0xB8);
        assertThat(channel.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0xB8);
        channel.send(bytes("marked"), addressOf(peer));
        assertThat(receiveText(peer)).isEqualTo("marked");
        assertFast(channel, peer, 1);
    }

    @Test
    @Tag(ON_HOST)
    void theUnspecifiedAddressIsTheLoopback() throws Exception {
        final DatagramChannel dual = openPeer().bind(new InetSocketAddress(address(0, 0, 0, 0), 0));
        channel.send(bytes("to nobody"), at(address(0, 0, 0, 0), dual));
        assertThat(receive(dual, ByteBuffer.allocate(20))).isEqualTo(addressOf(channel));
    }
}
