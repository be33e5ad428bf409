package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups between all pairs of transports, Netty's own first. What is not to be heard is followed by what is, from the same sender. */
@Tag("wire")
@Timeout(120)
class GroupsTest {
    private static final String PAIRS = """
        NIO, NIO
        NIO, ACCEL
        ACCEL, NIO
        ACCEL, ACCEL
        """;

    private final InetAddress group = InetAddress.getByName("239.255.42.7");
    private final InetAddress otherGroup = InetAddress.getByName("239.255.42.8");
    private final NetworkInterface on = Network.interfaceOf(Network.SERVER);
    private final Inbox inbox = new Inbox();
    private Loops members;
    private Loops senders;

    GroupsTest() throws UnknownHostException {
        // For the addresses.
    }

    @BeforeEach
    void needANetwork() {
        assumeTrue(Network.refusal() == null, Network::refusal);
    }

    @AfterEach
    void close() {
        if (members != null) {
            members.close();
        }
        if (senders != null) {
            senders.close();
        }
    }

    private DatagramChannel member(Transport transport) throws InterruptedException {
        members = transport.open(1);
        return (DatagramChannel) members.bootstrap(SocketProtocolFamily.INET, inbox).option(ChannelOption.SO_REUSEADDR, true)
            .bind(new InetSocketAddress(0)).sync().channel();
    }

    private Channel sender(Transport transport, InetAddress from) throws InterruptedException {
        if (senders == null) {
            senders = transport.open(1);
        }
        return senders.bootstrap(SocketProtocolFamily.INET, new Inbox())
            .option(ChannelOption.IP_MULTICAST_IF, Network.interfaceOf(Network.CLIENT))
            .bind(new InetSocketAddress(from, 0)).sync().channel();
    }

    private static void send(Channel from, String text, InetAddress to, DatagramChannel port) throws InterruptedException {
        from.writeAndFlush(new DatagramPacket(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8),
            new InetSocketAddress(to, port.localAddress().getPort()))).sync();
    }

    private void assertHeard(String text, Channel from) throws InterruptedException {
        final Inbox.Received received = inbox.take();
        assertThat(received.text()).isEqualTo(text);
        assertThat(received.sender()).isEqualTo(from.localAddress());
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void aMemberHearsItsGroupUntilItLeaves(Transport of, Transport from) throws InterruptedException {
        final DatagramChannel member = member(of);
        final Channel sender = sender(from, Network.CLIENT);
        final InetSocketAddress address = new InetSocketAddress(group, member.localAddress().getPort());
        member.joinGroup(address, on).sync();
        send(sender, "joined", group, member);
        assertHeard("joined", sender);
        member.leaveGroup(address, on).sync();
        member.joinGroup(otherGroup, on, null).sync();
        send(sender, "left", group, member);
        send(sender, "other", otherGroup, member);
        assertHeard("other", sender);
        if (of == Transport.ACCEL && from == Transport.ACCEL) {
            assertThat(Paths.fastReceived((AccelDatagramChannel) member)).isEqualTo(Network.KERNEL_ONLY ? 0 : 2);
            assertThat(Paths.fastSent((AccelDatagramChannel) sender) > 0).isEqualTo(!Network.KERNEL_ONLY);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void aMemberOfOneSourceHearsItAlone(Transport of, Transport from) throws InterruptedException {
        final DatagramChannel member = member(of);
        final Channel sender = sender(from, Network.CLIENT);
        final Channel other = sender(from, Network.CLIENT_TOO);
        member.joinGroup(group, on, Network.CLIENT).sync();
        send(other, "not chosen", group, member);
        send(sender, "chosen", group, member);
        assertHeard("chosen", sender);
        member.leaveGroup(group, on, Network.CLIENT).sync();
        member.joinGroup(group, on, Network.CLIENT_TOO).sync();
        send(sender, "left", group, member);
        send(other, "chosen now", group, member);
        assertHeard("chosen now", other);
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void aBlockedSourceIsNotHeard(Transport of, Transport from) throws InterruptedException {
        final DatagramChannel member = member(of);
        final Channel sender = sender(from, Network.CLIENT);
        final Channel other = sender(from, Network.CLIENT_TOO);
        member.joinGroup(group, on, null).sync();
        send(sender, "before", group, member);
        assertHeard("before", sender);
        member.block(group, on, Network.CLIENT).sync();
        send(sender, "blocked", group, member);
        send(other, "other", group, member);
        assertHeard("other", other);
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeJoinedFailsThePromise(Transport of) throws InterruptedException {
        final DatagramChannel member = member(of);
        assertThat(member.joinGroup(Network.CLIENT, on, null).await().cause()).isInstanceOf(IllegalArgumentException.class);
        assertThat(member.leaveGroup(group, on, null).await().cause()).isNull();
        assertThat(member.block(group, on, Network.CLIENT).await().cause()).isNull();
        member.joinGroup(group, on, Network.CLIENT).sync();
        assertThat(member.joinGroup(group, on, null).await().cause()).isInstanceOf(IllegalStateException.class);
        member.close().sync();
        assertThat(member.joinGroup(otherGroup, on, null).await().cause()).isInstanceOf(ClosedChannelException.class);
    }
}
