package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups, on the interfaces of the test's own network only, and IPv6. */
class MulticastContractTest extends Contract {
    private NetworkInterface near;
    private NetworkInterface far;
    private InetAddress group;
    private InetAddress otherGroup;

    @BeforeEach
    void addresses() throws Exception {
        near = Network.HERE.nearInterface();
        far = Network.HERE.farInterface();
        group = InetAddress.getByName("239.255.11.7");
        otherGroup = InetAddress.getByName("239.255.11.8");
    }

    private DatagramChannel inet(SelectorProvider provider) throws Exception {
        return closing(provider.openDatagramChannel(StandardProtocolFamily.INET))
            .setOption(StandardSocketOptions.IP_MULTICAST_IF, far).setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }

    private DatagramChannel member() throws Exception {
        return inet(pairing.provider()).bind(new InetSocketAddress(0));
    }

    private DatagramChannel sender() throws Exception {
        return inet(pairing.peerProvider()).bind(new InetSocketAddress(FAR, 0));
    }

    @Test
    void aMemberHearsItsGroup() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel sender = sender();
        final InetSocketAddress to = new InetSocketAddress(group, addressOf(member).getPort());
        final MembershipKey key = member.join(group, near);
        assertThat(key.isValid()).isTrue();
        assertThat(key.channel()).isSameAs(member);
        assertThat(key.group()).isEqualTo(group);
        assertThat(key.networkInterface()).isEqualTo(near);
        assertThat(key.sourceAddress()).isNull();
        assertThat(member.join(group, near)).isSameAs(key);
        sender.send(bytes("one"), to);
        assertThat(receiveText(member)).isEqualTo("one");

        key.drop();
        key.drop();
        assertThat(key.isValid()).isFalse();
        assertThat(key.channel()).isSameAs(member);
        assertThat(key.group()).isEqualTo(group);
        sender.send(bytes("unheard"), to);
        assertNothingBefore(sender, member);
        assertThat(member.join(group, near)).isNotSameAs(key);
    }

    @Test
    void onlyItsOwnGroup() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel other = inet(pairing.provider()).bind(addressOf(member));
        final DatagramChannel sender = sender();
        member.join(group, near);
        other.join(otherGroup, near);
        final int port = addressOf(member).getPort();
        for (final DatagramChannel each : new DatagramChannel[] {member, other}) {
            each.configureBlocking(false);
        }
        sender.send(bytes("mine"), new InetSocketAddress(group, port));
        sender.send(bytes("theirs"), new InetSocketAddress(otherGroup, port));
        assertThat(receiveText(member)).isEqualTo("mine");
        assertThat(receiveText(other)).isEqualTo("theirs");
        assertThat(member.receive(ByteBuffer.allocate(9))).isNull();
        assertThat(other.receive(ByteBuffer.allocate(9))).isNull();
    }

    @Test
    void sourcesCanBeChosenAndBlocked() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel sender = sender();
        final InetSocketAddress to = new InetSocketAddress(group, addressOf(member).getPort());
        final MembershipKey only = member.join(group, near, FAR);
        assertThat(only.sourceAddress()).isEqualTo(FAR);
        assertThat(member.join(group, near, FAR)).isSameAs(only);
        assertThatThrownBy(() -> member.join(group, near)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> only.block(FAR)).isInstanceOf(IllegalStateException.class);
        sender.send(bytes("chosen"), to);
        assertThat(receiveText(member)).isEqualTo("chosen");
        only.drop();

        final MembershipKey any = member.join(group, near);
        assertThatThrownBy(() -> member.join(group, near, FAR)).isInstanceOf(IllegalStateException.class);
        assertThat(any.block(FAR)).isSameAs(any);
        any.block(FAR);
        sender.send(bytes("blocked"), to);
        assertNothingBefore(sender, member);
        assertThat(any.unblock(FAR)).isSameAs(any);
        assertThatThrownBy(() -> any.unblock(FAR)).isInstanceOf(IllegalStateException.class);
        sender.send(bytes("heard"), to);
        assertThat(receiveText(member)).isEqualTo("heard");
        any.drop();
        assertThatThrownBy(() -> any.block(FAR)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatJoinRefuses() throws Exception {
        final DatagramChannel member = member();
        assertThatThrownBy(() -> member.join(null, near)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> member.join(group, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> member.join(group, near, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> member.join(FAR, near)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> member.join(InetAddress.getByName("ff11::1"), near)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> member.join(group, near, group)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> member.join(group, near, InetAddress.getByName("0.0.0.0"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> member.join(group, near, InetAddress.getByName("::1"))).isInstanceOf(IllegalArgumentException.class);
        member.close();
        assertThatThrownBy(() -> member.join(FAR, near)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> member.join(group, near)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closeEndsMembershipsAndConnectDoesNot() throws Exception {
        final DatagramChannel member = member();
        final DatagramChannel sender = sender();
        final MembershipKey key = member.join(group, near);
        member.connect(addressOf(sender)).disconnect();
        assertThat(key.isValid()).isTrue();
        sender.send(bytes("still"), new InetSocketAddress(group, addressOf(member).getPort()));
        assertThat(receiveText(member)).isEqualTo("still");
        member.close();
        assertThat(key.isValid()).isFalse();
        key.drop();
        assertThatThrownBy(() -> key.block(FAR)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void multicastAndUnicastOnOneChannel() throws Exception {
        final DatagramChannel member = inet(pairing.provider()).setOption(StandardSocketOptions.SO_REUSEADDR, false)
            .bind(new InetSocketAddress(0));
        final DatagramChannel sender = inet(pairing.peerProvider()).setOption(StandardSocketOptions.SO_REUSEADDR, false)
            .bind(new InetSocketAddress(FAR, 0));
        member.join(group, near);
        final int port = addressOf(member).getPort();
        final int[] heard = new int[2];
        for (int i = 0; i < 200; i++) {
            sender.send(bytes("m"), new InetSocketAddress(group, port));
            sender.send(bytes("u"), new InetSocketAddress(NEAR, port));
            for (int j = 0; j < 2; j++) {
                heard[receiveText(member).equals("m") ? 0 : 1]++;
            }
        }
        assertThat(heard).containsExactly(200, 200);
        // The kernel alone gives the group to a member of its own on the sender's host.
        final int byKernel = sender instanceof AccelDatagramChannel && !(member instanceof AccelDatagramChannel) ? 200 : 0;
        assertFast(sender, member, 400 - byKernel, byKernel);
    }

    @Test
    void ipv6WorksBothWays() throws Exception {
        final InetAddress six = InetAddress.getByName("::1");
        final DatagramChannel channel = open().bind(new InetSocketAddress(six, 0));
        final DatagramChannel peer = openPeer().bind(new InetSocketAddress(six, 0));
        channel.send(bytes("six"), addressOf(peer));
        final ByteBuffer into = ByteBuffer.allocate(9);
        assertThat(receive(peer, into)).isEqualTo(addressOf(channel));
        peer.connect(addressOf(channel));
        channel.connect(addressOf(peer));
        peer.write(bytes("back"));
        into.clear();
        assertThat(channel.read(into)).isEqualTo(4);
        channel.write(new ByteBuffer[] {bytes("a"), bytes("b")});
        assertThat(receiveText(peer)).isEqualTo("ab");
    }

    @Test
    void aDualStackChannelHearsBothFamilies() throws Exception {
        final DatagramChannel channel = open().bind(new InetSocketAddress(0));
        final DatagramChannel peer = openPeer().bind(new InetSocketAddress(0));
        final int port = addressOf(channel).getPort();
        for (int i = 0; i < 50; i++) {
            peer.send(bytes("six"), new InetSocketAddress(InetAddress.getByName("::1"), port));
            assertThat(receiveText(channel)).isEqualTo("six");
            peer.send(bytes("four"), new InetSocketAddress(NEAR, port));
            assertThat(receiveText(channel)).isEqualTo("four");
        }
    }
}
