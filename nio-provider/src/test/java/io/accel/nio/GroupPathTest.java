package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.udp.endpoint.ChannelCounters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which way datagrams to a group take on the loopback interface, as members with Accel and without come and go. */
class GroupPathTest {
    private static final int COUNT = 100;

    private final Deque<DatagramChannel> opened = new ArrayDeque<>();
    private NetworkInterface lo;
    private InetAddress group;
    private DatagramChannel sender;
    private DatagramChannel member;
    private InetSocketAddress to;

    @BeforeEach
    void open() throws Exception {
        lo = NetworkInterface.getByInetAddress(Contract.LOOPBACK);
        group = InetAddress.getByName("239.255.13.7");
        sender = channel(Pairing.ours(), new InetSocketAddress(Contract.LOOPBACK, 0));
        member = channel(Pairing.ours(), new InetSocketAddress(0));
        to = new InetSocketAddress(group, ((InetSocketAddress) member.getLocalAddress()).getPort());
    }

    @AfterEach
    void close() throws Exception {
        for (final DatagramChannel each : opened) {
            each.close();
        }
    }

    private DatagramChannel channel(SelectorProvider provider, SocketAddress local) throws Exception {
        final DatagramChannel channel = provider.openDatagramChannel(StandardProtocolFamily.INET);
        opened.push(channel);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo).setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(local)
            .configureBlocking(false);
        return channel;
    }

    private DatagramChannel kernelMember() throws Exception {
        final DatagramChannel kernel = channel(Pairing.jdk(), new InetSocketAddress(to.getPort()));
        kernel.join(group, lo);
        return kernel;
    }

    private static ChannelCounters counters(DatagramChannel channel) {
        return ((AccelDatagramChannel) channel).udpSocket().counters();
    }

    private void send(DatagramChannel from, int first, int last) throws Exception {
        for (int i = first; i < last; i++) {
            from.send(Contract.bytes(Integer.toString(i)), to);
        }
    }

    private static void assertHears(DatagramChannel by, int first, int last) throws Exception {
        for (int i = first; i < last; i++) {
            assertThat(Contract.receiveText(by)).isEqualTo(Integer.toString(i));
        }
        assertThat(by.receive(ByteBuffer.allocate(9))).isNull();
    }

    @Test
    void aMemberOfTheKernelsGetsACopyAndNobodyElseDoes() throws Exception {
        member.join(group, lo);
        final DatagramChannel kernel = kernelMember();
        send(sender, 0, COUNT);
        assertHears(kernel, 0, COUNT);
        assertHears(member, 0, COUNT);
        assertThat(counters(sender).fastSent).isEqualTo(COUNT);
        assertThat(counters(sender).count(Reason.GROUP_SHARED)).isEqualTo(COUNT);
        assertThat(counters(member).fastReceived).isEqualTo(COUNT);
        assertThat(counters(member).kernelReceived).isZero();
    }

    @Test
    void theKernelIsNotAskedWhereAllMembersAreOurs() throws Exception {
        member.join(group, lo);
        channel(Pairing.ours(), new InetSocketAddress(to.getPort())).join(InetAddress.getByName("239.255.13.8"), lo);
        send(sender, 0, COUNT);
        assertHears(member, 0, COUNT);
        assertThat(counters(sender).kernelSent).isZero();
    }

    @Test
    void kernelMembersAreNoticedWithinSecondsAndForgottenAgain() throws Exception {
        member.join(group, lo);
        send(sender, 0, COUNT);
        assertHears(member, 0, COUNT);
        try (DatagramChannel kernel = kernelMember()) {
            Eventually.holds("the kernel's member hears", () -> {
                send(sender, 7, 8);
                return kernel.receive(ByteBuffer.allocate(9)) != null;
            });
        }
        Eventually.holds("the kernel is left alone", () -> {
            final long before = counters(sender).kernelSent;
            send(sender, 7, 8);
            return counters(sender).kernelSent == before;
        });
        assertThat(counters(member).kernelReceived).isZero();
    }

    @Test
    void withoutAnyMemberOfOursItIsTheKernels() throws Exception {
        final DatagramChannel kernel = kernelMember();
        send(sender, 0, COUNT);
        assertHears(kernel, 0, COUNT);
        member.join(group, lo);
        send(sender, COUNT, 2 * COUNT);
        assertHears(kernel, COUNT, 2 * COUNT);
        assertHears(member, COUNT, 2 * COUNT);
        assertThat(counters(sender).count(Reason.NO_LOCAL_PEER)).isEqualTo(COUNT);
        assertThat(counters(sender).fastSent).isEqualTo(COUNT);
    }

    @Test
    void aSenderOfTheKernelsIsHeardThroughTheShadow() throws Exception {
        member.join(group, lo);
        final DatagramChannel kernel = channel(Pairing.jdk(), new InetSocketAddress(Contract.LOOPBACK, 0));
        for (int i = 0; i < COUNT; i++) {
            send(kernel, i, i + 1);
            assertHears(member, i, i + 1);
            send(sender, i, i + 1);
            assertHears(member, i, i + 1);
        }
        assertThat(counters(member).fastReceived).isEqualTo(COUNT);
        assertThat(counters(member).count(Reason.KERNEL_SENDER)).isEqualTo(COUNT);
    }

    @Test
    void aMemberInAForeignSelectorIsTheKernels() throws Exception {
        member.join(group, lo);
        final DatagramChannel faithful = channel(Pairing.ours(), new InetSocketAddress(to.getPort()));
        faithful.join(group, lo);
        send(sender, 0, COUNT);
        assertHears(member, 0, COUNT);
        assertHears(faithful, 0, COUNT);
        try (Selector foreign = Pairing.jdk().openSelector()) {
            member.register(foreign, SelectionKey.OP_READ);
            foreign.selectNow();
            for (int i = 0; i < COUNT; i++) {
                send(sender, i, i + 1);
                assertThat(foreign.select(10_000)).isOne();
                foreign.selectedKeys().clear();
                assertHears(member, i, i + 1);
            }
            assertHears(faithful, 0, COUNT);
        }
        assertThat(counters(member).count(Reason.FOREIGN_SELECTOR)).isEqualTo(COUNT);
        assertThat(counters(faithful).kernelReceived).isZero();
    }

    @Test
    void aMemberWithoutRoomLosesAloneAndIsToldHowMuch() throws Exception {
        member.join(group, lo);
        final DatagramChannel faithful = channel(Pairing.ours(), new InetSocketAddress(to.getPort()));
        faithful.join(group, lo);
        final ByteBuffer large = ByteBuffer.allocate(60_000);
        int heard = 0;
        final int sent = 100;
        for (int i = 0; i < sent; i++) {
            sender.send(large.clear(), to);
            assertThat(faithful.receive(ByteBuffer.allocate(9))).isNotNull();
        }
        while (member.receive(ByteBuffer.allocate(9)) != null) {
            heard++;
        }
        assertThat(heard).isLessThan(sent);
        assertThat(heard + ((AccelDatagramChannel) member).udpSocket().endpoint().messages().lostRingFull()).isEqualTo(sent);
    }
}
