package io.accel.nio;

import io.accel.udp.address.IpAddress;
import io.accel.udp.group.Membership;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The group memberships of a channel: the shadow's, each with one key of ours. The kernel joins and leaves; the stack is told before a
 * join, so that nothing is missed, and after every change.
 */
final class Memberships {
    private final AccelDatagramChannel channel;
    private final Map<MembershipKey, AccelMembershipKey> keys = new IdentityHashMap<>();

    Memberships(AccelDatagramChannel channel) {
        this.channel = channel;
    }

    synchronized MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        announce(group, on, null);
        try {
            return ours(channel.answering().join(group, on));
        } finally {
            tellStack();
        }
    }

    synchronized MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        announce(group, on, source);
        try {
            return ours(channel.answering().join(group, on, source));
        } finally {
            tellStack();
        }
    }

    /** Arguments that are wrong are the shadow's to refuse. */
    private void announce(InetAddress group, NetworkInterface on, InetAddress source) {
        final UdpSocket socket = channel.udpSocket();
        if (socket != null && on != null && group != null && group.isMulticastAddress()
            && (source == null || source.getClass() == group.getClass())) {
            final int ifIndex = channel.groupInterface(group, on);
            socket.joining(source == null ? Membership.ofAll(IpAddress.of(group, 0), ifIndex)
                : Membership.ofOne(IpAddress.of(group, 0), ifIndex, IpAddress.of(source, 0)));
        }
    }

    /** The key of a membership of all sources, or null: the adaptor asks. */
    synchronized AccelMembershipKey find(InetAddress group, NetworkInterface on) {
        for (final AccelMembershipKey key : keys.values()) {
            if (key.isValid() && key.sourceAddress() == null && key.group().equals(group) && key.networkInterface().equals(on)) {
                return key;
            }
        }
        return null;
    }

    synchronized void drop(AccelMembershipKey key) {
        key.shadowKey().drop();
        keys.remove(key.shadowKey());
        tellStack();
    }

    synchronized void block(AccelMembershipKey key, InetAddress source) throws IOException {
        key.shadowKey().block(source);
        key.blocked().add(source);
        tellStack();
    }

    synchronized void unblock(AccelMembershipKey key, InetAddress source) {
        key.shadowKey().unblock(source);
        key.blocked().remove(source);
        tellStack();
    }

    /** The channel closes: no key is valid any more, even while a selector keeps the shadow open. */
    synchronized void invalidate() {
        keys.keySet().forEach(MembershipKey::drop);
        keys.clear();
    }

    /** Tells a socket that may have been bound after the channel joined. */
    synchronized void tellStack() {
        final UdpSocket socket = channel.udpSocket();
        if (socket != null && channel.isOpen()) {
            final List<Membership> now = new ArrayList<>();
            keys.values().forEach(key -> now.add(key.membership()));
            socket.memberships(now);
        }
    }

    private MembershipKey ours(MembershipKey shadowKey) {
        return keys.computeIfAbsent(shadowKey,
            key -> new AccelMembershipKey(channel, key, channel.groupInterface(key.group(), key.networkInterface())));
    }
}
