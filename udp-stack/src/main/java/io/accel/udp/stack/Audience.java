package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.shm.ShmDomain;
import io.accel.udp.address.IpAddress;
import io.accel.udp.group.GroupName;
import io.accel.udp.group.MulticastOptions;
import io.accel.udp.route.BoundSocket;
import io.accel.udp.route.SocketInventory;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who on this host hears a group, from the kernel's list of sockets: never take a datagram from a socket that is not ours. In doubt
 * somebody does. Any thread; slow.
 */
final class Audience {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final SocketInventory inventory;
    private final MessageMedium messages;
    private final Map<Long, GroupMember> ours = new ConcurrentHashMap<>();

    Audience(MessageMedium messages, SocketInventory inventory) {
        this.inventory = inventory;
        this.messages = messages;
    }

    void add(GroupMember member) {
        ours.put(member.inode(), member);
    }

    void remove(GroupMember member) {
        ours.remove(member.inode(), member);
    }

    /** Whether a socket hears the group on that interface that no message reaches. */
    boolean isHeardByKernel(IpAddress group, int port, int ifIndex) {
        return isHeard(group, port, other -> {
            final GroupMember member = ours.get(other.inode());
            if (member != null) {
                return !member.isPublished(group, ifIndex) && hears(member, group, ifIndex);
            }
            final ShmDomain medium = messages.domain();
            return medium == null || !medium.isPublished(GroupName.member(group, port, ifIndex, other.inode()));
        });
    }

    /** Whether a socket hears the group on that interface that is not served by this stack. */
    boolean isHeardOutside(IpAddress group, int port, int ifIndex) {
        return isHeard(group, port, other -> {
            final GroupMember member = ours.get(other.inode());
            return member == null || (member.isLeftToKernel() || !member.contains(group, ifIndex)) && hears(member, group, ifIndex);
        });
    }

    private interface Hearing {
        boolean isBy(BoundSocket other);
    }

    private boolean isHeard(IpAddress group, int port, Hearing hearing) {
        final InetAddress address = group.inetAddress();
        try {
            for (final BoundSocket other : inventory.onPort(port)) {
                if (other.receives(address) && hearing.isBy(other)) {
                    return true;
                }
            }
            return false;
        } catch (final IOException e) {
            LOGGER.log(Level.WARNING, "{0}, so groups on port {1} stay with the kernel: {2}", Reason.GROUP_SHARED, port, e.getMessage());
            return true;
        }
    }

    /** What the kernel gives a socket of ours: the groups that it joined there, and those that others did where IP_MULTICAST_ALL is set. */
    private static boolean hears(GroupMember member, IpAddress group, int ifIndex) {
        if (member.contains(group, ifIndex)) {
            return true;
        }
        final UdpSocket socket = member.socket();
        try {
            return MulticastOptions.of(socket.shadow().fd(), group.version()).all();
        } catch (final IOException e) {
            // It is being closed: it hears nothing any more.
            return false;
        }
    }
}
