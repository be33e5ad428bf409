package io.accel.udp.stack;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.group.Membership;
import io.accel.udp.route.SocketInventory;
import io.accel.udp.socket.UdpSocket;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A socket of this stack as a member of groups: what it wants, and where senders are told of it. */
final class GroupMember {
    /** Where senders find a member. @param group without scope */
    record Place(IpAddress group, int ifIndex) {
    }

    private final UdpSocket socket;
    private final long inode;
    private final Set<Place> published = ConcurrentHashMap.newKeySet();
    private volatile Collection<Membership> wanted = List.of();
    private volatile boolean leftToKernel;

    GroupMember(UdpSocket socket) {
        this.socket = socket;
        this.inode = SocketInventory.inode(socket.shadow().fd());
    }

    UdpSocket socket() {
        return socket;
    }

    /** By which the shadow is recognised in the kernel's list of sockets. */
    long inode() {
        return inode;
    }

    /** What it has joined, or is about to join. */
    Collection<Membership> wanted() {
        return wanted;
    }

    void wanted(Collection<Membership> memberships) {
        wanted = List.copyOf(memberships);
    }

    /** Whether it has joined a group on an interface, or is about to. */
    boolean contains(IpAddress group, int ifIndex) {
        for (final Membership each : wanted) {
            if (each.isOf(group, ifIndex)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the kernel alone receives for it. */
    boolean isLeftToKernel() {
        return leftToKernel;
    }

    void leaveToKernel() {
        leftToKernel = true;
    }

    /** Whether a sender that asks now is told of it. */
    boolean isPublished(IpAddress group, int ifIndex) {
        return published.contains(new Place(group, ifIndex));
    }

    /** Where senders are told of it; changed by {@link Groups}. */
    Set<Place> published() {
        return published;
    }

    /** Whether datagrams to a group reach a socket with its local address: the wildcard, until a connect, or the group itself. */
    boolean isBoundFor(IpAddress group) {
        final BoundAddress heard = socket.heard();
        if (heard == null || !heard.takes(group.version())) {
            return false;
        }
        final IpAddress bound = IpAddress.of(socket.local().getAddress(), 0);
        return bound.isWildcard() || bound.equals(group);
    }

    /** Where senders are to be told of it. */
    Set<Place> places() {
        final Set<Place> places = new HashSet<>();
        if (!leftToKernel && socket.endpoint().messages() != null) {
            for (final Membership each : wanted) {
                if (isBoundFor(each.group())) {
                    places.add(new Place(each.group(), each.ifIndex()));
                }
            }
        }
        return places;
    }
}
