package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who gets what is sent to an IPv4 group on the loopback interface, and that it comes once. */
@Tag(Contract.ON_HOST)
class GroupContractTest extends Contract {
    private static final int COUNT = 200;

    private NetworkInterface lo;
    private InetAddress group;
    private InetAddress otherGroup;

    @BeforeEach
    void addresses() throws Exception {
        lo = NetworkInterface.getByInetAddress(LOOPBACK);
        group = InetAddress.getByName("239.255.12.7");
        otherGroup = InetAddress.getByName("239.255.12.8");
    }

    private DatagramChannel inet(SelectorProvider provider) throws Exception {
        return closing(provider.openDatagramChannel(StandardProtocolFamily.INET))
            .setOption(StandardSocketOptions.IP_MULTICAST_IF, lo).setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }

    private DatagramChannel bind(SelectorProvider provider, SocketAddress local) throws Exception {
        final DatagramChannel channel = inet(provider).bind(local);
        channel.configureBlocking(false);
        return channel;
    }

    private DatagramChannel member() throws Exception {
        return bind(pairing.provider(), new InetSocketAddress(0));
    }

    private DatagramChannel memberBeside(DatagramChannel other) throws Exception {
        return bind(pairing.provider(), new InetSocketAddress(addressOf(other).getPort()));
    }

    private DatagramChannel sender() throws Exception {
        return bind(pairing.peerProvider(), new InetSocketAddress(LOOPBACK, 0));
    }

    private InetSocketAddress groupAt(DatagramChannel member) throws Exception {
        return new InetSocketAddress(group, addressOf(member).getPort());
    }

    private static void send(DatagramChannel from, SocketAddress to, int first, int last) throws Exception {
        for (int i = first; i < last; i++) {
            from.send(bytes(Integer.toString(i)), to);
        }
    }

    /** The next datagrams are these and there is no other: a mark sent after them comes right behind. */
    private static void assertHears(DatagramChannel member, int first, int last) throws Exception {
        for (int i = first; i < last; i++) {
            assertThat(receiveText(member)).isEqualTo(Integer.toString(i));
        }
        assertNothing(member);
    }

    /** The kernel has delivered to a local socket when send returns, and so has a message; the shadow may be looked at a moment later. */
    private static void assertNothing(DatagramChannel member) throws Exception {
        final ByteBuffer into = ByteBuffer.allocate(99);
        final long end = System.nanoTime() + 30_000_000;
        do {
            final SocketAddress from = member.receive(into);
            assertThat(from).as(() -> "heard '" + text(into.flip()) + "' as well").isNull();
        } while (System.nanoTime() - end < 0);
    }

    @Test
    void everyMemberGetsEachDatagramOnce() throws Exception {
        final DatagramChannel first = member();
        final DatagramChannel[] members = {first, memberBeside(first), memberBeside(first)};
        for (final DatagramChannel each : members) {
            each.join(group, lo);
        }
        final DatagramChannel sender = sender();
        send(sender, groupAt(first), 0, COUNT);
        for (final DatagramChannel each : members) {
            assertHears(each, 0, COUNT);
            assertFast(sender, each, COUNT);
        }
    }

    @Test
    void membersOfBothProvidersGetEachDatagramOnce() throws Exception {
        final DatagramChannel first = member();
        final DatagramChannel[] members = {first, bind(pairing.peerProvider(), addressOf(first)), bind(Pairing.jdk(), addressOf(first)),
            memberBeside(first)};
        for (final DatagramChannel each : members) {
            each.join(group, lo);
        }
        for (final DatagramChannel sender : new DatagramChannel[] {sender(), bind(Pairing.jdk(), new InetSocketAddress(LOOPBACK, 0))}) {
            send(sender, groupAt(first), 0, COUNT);
            for (final DatagramChannel each : members) {
                assertHears(each, 0, COUNT);
            }
        }
    }

    @Test
    void aSocketOnThePortThatDidNotJoinHearsNothing() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel stranger = memberBeside(member);
        member.join(group, lo);
        stranger.join(otherGroup, lo);
        final DatagramChannel sender = sender();
        send(sender, groupAt(member), 0, COUNT);
        assertHears(member, 0, COUNT);
        assertNothing(stranger);
    }

    @Test
    void onlyTheSourcesThatWereJoined() throws Exception {
        final InetAddress two = InetAddress.getByName("127.0.0.2");
        final InetAddress three = InetAddress.getByName("127.0.0.3");
        final DatagramChannel some = member();
        final DatagramChannel all = memberBeside(some);
        final DatagramChannel[] senders = new DatagramChannel[3];
        for (int i = 0; i < senders.length; i++) {
            senders[i] = bind(pairing.peerProvider(), new InetSocketAddress("127.0.0." + (i + 1), 0));
        }
        final MembershipKey ofTwo = some.join(group, lo, two);
        some.join(group, lo, three);
        final MembershipKey any = all.join(group, lo).block(two);
        for (int i = 0; i < senders.length; i++) {
            send(senders[i], groupAt(some), i, i + 1);
        }
        assertHears(some, 1, 3);
        assertThat(receiveText(all)).isEqualTo("0");
        assertThat(receiveText(all)).isEqualTo("2");
        assertNothing(all);
        ofTwo.drop();
        any.unblock(two).block(three);
        for (int i = 0; i < senders.length; i++) {
            send(senders[i], groupAt(some), i, i + 1);
        }
        assertHears(some, 2, 3);
        assertHears(all, 0, 2);
    }

    @Test
    void whatIsQueuedIsHeardAfterLeavingAndNothingElse() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel sender = sender();
        final MembershipKey key = member.join(group, lo);
        send(sender, groupAt(member), 0, 3);
        key.drop();
        send(sender, groupAt(member), 3, 6);
        assertHears(member, 0, 3);
        member.join(group, lo);
        send(sender, groupAt(member), 6, 9);
        assertHears(member, 6, 9);
        final MembershipKey again = member.join(group, lo);
        again.block(LOOPBACK);
        send(sender, groupAt(member), 9, 12);
        again.unblock(LOOPBACK);
        send(sender, groupAt(member), 12, 15);
        assertHears(member, 12, 15);
    }

    @Test
    void joinedBeforeItWasBound() throws Exception {
        final DatagramChannel member = inet(pairing.provider());
        final MembershipKey key = member.join(group, lo);
        member.bind(new InetSocketAddress(0)).configureBlocking(false);
        final DatagramChannel sender = sender();
        send(sender, groupAt(member), 0, COUNT);
        assertHears(member, 0, COUNT);
        assertFast(sender, member, COUNT);
        key.drop();
        send(sender, groupAt(member), 0, COUNT);
        assertNothing(member);
    }

    @Test
    void boundToTheGroupOrToAnAddress() throws Exception {
        final DatagramChannel member = bind(pairing.provider(), new InetSocketAddress(group, 0));
        final DatagramChannel deaf = bind(pairing.provider(), new InetSocketAddress(LOOPBACK, addressOf(member).getPort()));
        final DatagramChannel otherwise = bind(pairing.provider(), new InetSocketAddress(otherGroup, addressOf(member).getPort()));
        for (final DatagramChannel each : new DatagramChannel[] {member, deaf, otherwise}) {
            each.join(group, lo);
        }
        final DatagramChannel sender = sender();
        send(sender, groupAt(member), 0, COUNT);
        assertHears(member, 0, COUNT);
        assertFast(sender, member, COUNT);
        assertNothing(deaf);
        assertNothing(otherwise);
        member.send(bytes("answer"), addressOf(sender));
        final ByteBuffer into = ByteBuffer.allocate(99);
        assertThat(receive(sender, into)).isEqualTo(new InetSocketAddress(LOOPBACK, addressOf(member).getPort()));
    }

    @Test
    void aConnectedChannelHearsNoGroupSinceItHasAnAddressNow() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel peer = sender();
        final InetSocketAddress to = groupAt(member);
        final MembershipKey key = member.join(group, lo);
        member.connect(addressOf(peer));
        send(peer, to, 0, COUNT);
        assertNothing(member);
        assertThat(key.isValid()).isTrue();
        member.disconnect();
        send(peer, to, 0, COUNT);
        assertHears(member, 0, COUNT);
    }

    @Test
    void aConnectedMemberThatIsBoundToTheGroupHearsItsPeerOnly() throws Exception {
        final DatagramChannel member = bind(pairing.provider(), new InetSocketAddress(group, 0));
        final DatagramChannel peer = sender();
        final DatagramChannel other = sender();
        member.join(group, lo);
        member.connect(addressOf(peer));
        other.send(bytes("other"), groupAt(member));
        send(peer, groupAt(member), 0, COUNT);
        assertHears(member, 0, COUNT);
        member.disconnect();
        other.send(bytes("7"), groupAt(member));
        assertHears(member, 7, 8);
    }

    @Test
    void aSenderConnectedToAGroup() throws Exception {
        final DatagramChannel member = member();
        member.join(group, lo);
        final DatagramChannel sender = sender();
        sender.connect(groupAt(member));
        for (int i = 0; i < COUNT / 2; i++) {
            final ByteBuffer whole = bytes("abc");
            final ByteBuffer[] parts = {bytes("d"), ByteBuffer.allocate(0), bytes("ef")};
            assertThat(sender.write(whole)).isEqualTo(3);
            assertThat(sender.write(parts)).isEqualTo(3);
            assertThat(whole.hasRemaining() || parts[0].hasRemaining() || parts[2].hasRemaining()).isFalse();
        }
        for (int i = 0; i < COUNT / 2; i++) {
            assertThat(receiveText(member)).isEqualTo("abc");
            assertThat(receiveText(member)).isEqualTo("def");
        }
        assertNothing(member);
        assertFast(sender, member, COUNT);
    }

    @Test
    void itHearsItself() throws Exception {
        final DatagramChannel member = member();
        member.join(group, lo);
        send(member, groupAt(member), 0, COUNT);
        assertHears(member, 0, COUNT);
    }

    @Test
    void neitherLoopNorTimeToLiveMattersOnTheLoopbackInterface() throws Exception {
        final DatagramChannel member = member();
        member.join(group, lo);
        final DatagramChannel sender = sender();
        sender.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false).setOption(StandardSocketOptions.IP_MULTICAST_TTL, 0);
        send(sender, groupAt(member), 0, COUNT);
        assertHears(member, 0, COUNT);
        assertFast(sender, member, COUNT);
        assertThat(sender.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isFalse();
        assertThat(sender.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isZero();
    }

    @Test
    void emptyAndLongest() throws Exception {
        final DatagramChannel member = member();
        member.join(group, lo);
        final DatagramChannel sender = sender();
        final ByteBuffer into = ByteBuffer.allocate(65_536);
        for (final int length : new int[] {0, 1, 65_507}) {
            final ByteBuffer sent = ByteBuffer.allocate(length);
            for (int i = 0; i < length; i++) {
                sent.put(i, (byte) (i * 31 >> 4));
            }
            assertThat(sender.send(sent.duplicate(), groupAt(member))).isEqualTo(length);
            assertThat(receive(member, into.clear())).isEqualTo(addressOf(sender));
            assertThat(into.flip()).isEqualTo(sent);
        }
        assertThatThrownBy(() -> sender.send(ByteBuffer.allocate(65_508), groupAt(member))).isInstanceOf(SocketException.class)
            .hasMessageContaining("Message too long");
        assertNothing(member);
    }

    @Test
    void aDualStackMemberHearsAnIpv4Group() throws Exception {
        final DatagramChannel member = closing(pairing.provider().openDatagramChannel()).bind(new InetSocketAddress(0));
        member.configureBlocking(false);
        member.join(group, lo);
        final DatagramChannel sender = sender();
        send(sender, groupAt(member), 0, COUNT);
        assertHears(member, 0, COUNT);
        assertFast(sender, member, COUNT);
    }

    @Test
    void aBlockedSourceDoesNotWakeASelector() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel sender = sender();
        final MembershipKey key = member.join(group, lo).block(LOOPBACK);
        try (Selector selector = pairing.provider().openSelector()) {
            member.register(selector, SelectionKey.OP_READ);
            send(sender, groupAt(member), 0, COUNT);
            assertThat(selector.select(30)).isZero();
            key.unblock(LOOPBACK);
            send(sender, groupAt(member), 0, 1);
            assertThat(selector.select(10_000)).isOne();
            assertHears(member, 0, 1);
        }
    }

    @Test
    void leavingAndJoiningWhileSomebodySends() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel faithful = memberBeside(member);
        faithful.join(group, lo);
        final DatagramChannel sender = sender();
        final InetSocketAddress to = groupAt(member);
        final AtomicBoolean over = new AtomicBoolean();
        final Background<Integer> sending = Background.start("sender", () -> {
            int sent = 0;
            while (!over.get()) {
                sender.send(bytes(Integer.toString(sent++)), to);
                if ((sent & 31) == 0) {
                    Thread.sleep(1);
                }
            }
            return sent;
        });
        final List<Integer> heard = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            final MembershipKey key = member.join(group, lo);
            for (int i = 0; i < 20; i++) {
                heard.add(Integer.valueOf(receiveText(member)));
            }
            key.drop();
            drain(member, heard);
            assertNothing(member);
        }
        over.set(true);
        final int sent = sending.result();
        assertThat(heard).doesNotHaveDuplicates().isSorted();
        final List<Integer> faithfullyHeard = new ArrayList<>();
        drain(faithful, faithfullyHeard);
        assertThat(faithfullyHeard).doesNotHaveDuplicates().isSorted().hasSizeLessThanOrEqualTo(sent).isNotEmpty();
    }

    private static void drain(DatagramChannel from, List<Integer> into) throws Exception {
        final ByteBuffer buffer = ByteBuffer.allocate(99);
        while (from.receive(buffer.clear()) != null) {
            into.add(Integer.valueOf(text(buffer.flip())));
        }
    }
}
