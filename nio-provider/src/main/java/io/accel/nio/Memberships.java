package io.accel.nio;

import io.accel.udp.socket.JoinedGroups;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.util.IdentityHashMap;
import java.util.Map;

/** The group memberships of a channel: the shadow's, each with one key of ours. */
final class Memberships {
    private final AccelDatagramChannel channel;
    private final JoinedGroups<MembershipKey> joined;
    private final Map<MembershipKey, AccelMembershipKey> keys = new IdentityHashMap<>();

    Memberships(AccelDatagramChannel channel, JoinedGroups<MembershipKey> joined) {
        this.channel = channel;
        this.joined = joined;
    }

    void bound(UdpSocket socket) {
        joined.bound(socket);
    }

    synchronized MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        return ours(joined.join(group, on, null, () -> channel.answering().join(group, on)));
    }

    synchronized MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        return ours(joined.join(group, on, source, () -> channel.answering().join(group, on, source)));
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
        joined.left(key.shadowKey());
    }

    synchronized void block(AccelMembershipKey key, InetAddress source) throws IOException {
        key.shadowKey().block(source);
        joined.blocked(key.shadowKey(), source);
    }

    synchronized void unblock(AccelMembershipKey key, InetAddress source) {
        key.shadowKey().unblock(source);
        joined.unblocked(key.shadowKey(), source);
    }

    /** The channel closes: no key is valid any more, even while a selector keeps the shadow open. */
    synchronized void invalidate() {
        keys.keySet().forEach(MembershipKey::drop);
        keys.clear();
        joined.close();
    }

    private MembershipKey ours(MembershipKey shadowKey) {
        return keys.computeIfAbsent(shadowKey, key -> new AccelMembershipKey(channel, key));
    }
}
