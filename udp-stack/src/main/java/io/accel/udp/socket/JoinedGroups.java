package io.accel.udp.socket;

import io.accel.udp.address.IpAddress;
import io.accel.udp.group.Membership;
import io.accel.udp.stack.UdpStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The groups that a shadow is a member of, each by the key that it gave for it. The kernel joins and leaves; the stack is told before a
 * join, so that nothing is missed, and after every change. Any thread.
 *
 * @param <K> a shadow's key of a membership, compared by identity: the shadow answers with the same one for the same membership
 */
public final class JoinedGroups<K> {
    private final UdpStack stack;
    private final Map<K, Joined> joined = new IdentityHashMap<>();
    private UdpSocket socket;

    public JoinedGroups(UdpStack stack) {
        this.stack = stack;
    }

    /** What has the shadow join a group. */
    @FunctionalInterface
    public interface Join<K> {
        K run() throws IOException;
    }

    /** One membership, with the sources that are blocked in it. */
    private record Joined(IpAddress group, int ifIndex, IpAddress source, Set<IpAddress> blocked) {
        Membership membership() {
            return source == null ? new Membership(group, ifIndex, false, List.copyOf(blocked)) : Membership.ofOne(group, ifIndex, source);
        }
    }

    /** The socket that may have been bound after its shadow joined. */
    public synchronized void bound(UdpSocket to) {
        socket = to;
        tellStack();
    }

    /**
     * Has the shadow join, which refuses what is wrong in the arguments.
     *
     * @param source the only one wanted; null: all
     * @return what the shadow answered with; memberships are told apart by it
     */
    public synchronized K join(InetAddress group, NetworkInterface on, InetAddress source, Join<K> byShadow) throws IOException {
        if (!isPlausible(group, on, source)) {
            return byShadow.run();
        }
        final Joined wanted = new Joined(IpAddress.of(group, 0), interfaceOf(group, on),
            source == null ? null : IpAddress.of(source, 0), new HashSet<>());
        if (socket != null) {
            socket.joining(wanted.membership());
        }
        try {
            final K key = byShadow.run();
            joined.putIfAbsent(key, wanted);
            return key;
        } finally {
            tellStack();
        }
    }

    /** Whether a kernel could join; if not, the shadow has the words for it. */
    private static boolean isPlausible(InetAddress group, NetworkInterface on, InetAddress source) {
        return on != null && group != null && group.isMulticastAddress() && (source == null || source.getClass() == group.getClass());
    }

    /** Index of the interface on which the kernel joins: the one named, or its own choice. */
    private int interfaceOf(InetAddress group, NetworkInterface on) {
        return on.getIndex() > 0 ? on.getIndex() : stack.groupInterface(group);
    }

    /** The shadow has left. */
    public synchronized void left(K key) {
        joined.remove(key);
        tellStack();
    }

    /** The shadow has blocked a source. */
    public synchronized void blocked(K key, InetAddress source) {
        joined.get(key).blocked().add(IpAddress.of(source, 0));
        tellStack();
    }

    /** The shadow has unblocked a source. */
    public synchronized void unblocked(K key, InetAddress source) {
        joined.get(key).blocked().remove(IpAddress.of(source, 0));
        tellStack();
    }

    /** The shadow closes, which ends its memberships; the stack learns that from the socket's own close. */
    public synchronized void close() {
        joined.clear();
        socket = null;
    }

    private void tellStack() {
        if (socket != null) {
            final List<Membership> now = new ArrayList<>();
            joined.values().forEach(each -> now.add(each.membership()));
            socket.memberships(now);
        }
    }
}
