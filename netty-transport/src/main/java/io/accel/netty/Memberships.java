package io.accel.netty;

import io.accel.udp.socket.JoinedGroups;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.UdpStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The groups of a channel: its shadow's. Netty has no keys for them, so each is found by what was joined. Any thread. */
final class Memberships {
    private final DatagramChannel shadow;
    private final JoinedGroups<MembershipKey> joined;
    private final List<MembershipKey> keys = new ArrayList<>();

    Memberships(UdpStack stack, Shadow shadow) {
        this.shadow = shadow.channel();
        this.joined = new JoinedGroups<>(stack);
    }

    void bound(UdpSocket socket) {
        joined.bound(socket);
    }

    /** @param source the only one wanted; null: all */
    synchronized void join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        final MembershipKey key = joined.join(group, on, source,
            () -> source == null ? shadow.join(group, on) : shadow.join(group, on, source));
        if (!keys.contains(key)) {
            keys.add(key);
        }
    }

    /** Nothing if it has not joined. @param source null: the membership of all sources */
    synchronized void leave(InetAddress group, NetworkInterface on, InetAddress source) {
        find(group, on).filter(key -> Objects.equals(key.sourceAddress(), source)).toList().forEach(key -> {
            key.drop();
            keys.remove(key);
            joined.left(key);
        });
    }

    /** Nothing if it has not joined. @throws IllegalStateException where it has joined for single sources */
    synchronized void block(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        for (final MembershipKey key : find(group, on).toList()) {
            key.block(source);
            joined.blocked(key, source);
        }
    }

    private Stream<MembershipKey> find(InetAddress group, NetworkInterface on) {
        return keys.stream().filter(key -> key.group().equals(group) && key.networkInterface().equals(on));
    }

    /** Before the shadow closes, which leaves them all. */
    synchronized void close() {
        keys.clear();
        joined.close();
    }
}
