package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.datapath.DatapathException;
import io.accel.core.natives.Errno;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.udp.address.IpAddress;
import io.accel.udp.group.CopyFilter;
import io.accel.udp.group.GroupName;
import io.accel.udp.group.Membership;
import io.accel.udp.route.NetworkDevice;
import io.accel.udp.route.NetworkDevices;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.GroupMember.Place;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The groups that the sockets of this stack have joined: named on the message medium for senders, steered to us from the interfaces,
 * and kept from coming twice (docs/adr/0009). Any thread.
 */
final class Groups {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final MessageMedium messages;
    private final NetworkDevices devices;
    private final Interfaces interfaces;
    private final Audience audience;
    private final Map<UdpSocket, GroupMember> members = new HashMap<>();

    Groups(MessageMedium messages, NetworkDevices devices, Interfaces interfaces, Audience audience) {
        this.messages = messages;
        this.devices = devices;
        this.interfaces = interfaces;
        this.audience = audience;
    }

    synchronized void bound(UdpSocket socket) {
        final GroupMember member = new GroupMember(socket);
        members.put(socket, member);
        audience.add(member);
    }

    synchronized void closed(UdpSocket socket) {
        final GroupMember member = members.remove(socket);
        if (member != null) {
            // Its names go with its VI, its filters with its steering, that of the shadow with the shadow.
            audience.remove(member);
        }
    }

    /** The socket is about to join a group: what interfaces take for it must be taken before the kernel asks the network for it. */
    synchronized void joining(UdpSocket socket, Membership joined) {
        final GroupMember member = members.get(socket);
        if (member != null && !member.isLeftToKernel()) {
            final List<Membership> wanted = new ArrayList<>(member.wanted());
            wanted.add(joined);
            member.wanted(wanted);
            interfaces.groups(member);
            filterCopies(member, member.places());
        }
    }

    /** The kernel has joined and left for the socket: this is all that it is a member of now. */
    synchronized void change(UdpSocket socket, Collection<Membership> now) {
        final GroupMember member = members.get(socket);
        if (member != null) {
            member.wanted(now);
            settle(member);
        }
    }

    /** The socket's local address has changed, or is about to: by a connect, which ends the hearing of groups, or a disconnect. */
    synchronized void readdressed(UdpSocket socket) {
        final GroupMember member = members.get(socket);
        if (member != null && !member.wanted().isEmpty()) {
            settle(member);
        }
    }

    private void settle(GroupMember member) {
        final UdpSocket socket = member.socket();
        withdraw(member, member.places());
        // What interfaces have taken before a leave is delivered before the endpoint stops to take it.
        if (!member.isLeftToKernel()) {
            interfaces.groups(member);
        }
        socket.endpoint().groups(socket.endpoint().groups().changedTo(member.wanted(), group -> tellSenders(member, group)));
        publish(member, member.places());
    }

    /** Has senders look again, since what they send from now on is judged by what holds now. */
    private int tellSenders(GroupMember member, IpAddress group) {
        final ShmDomain medium = messages.domain();
        return medium == null ? 0 : (int) medium.touch(GroupName.members(group, member.socket().shadow().port(), 0));
    }

    /** The kernel is to receive for this socket from now on. */
    synchronized void leaveToKernel(UdpSocket socket) {
        final GroupMember member = members.get(socket);
        if (member != null) {
            member.leaveToKernel();
            withdraw(member, Set.of());
            filterCopies(member, Set.of());
        }
    }

    private void withdraw(GroupMember member, Set<Place> kept) {
        final ShmVirtualInterface vi = member.socket().endpoint().messages();
        for (final Place each : member.published()) {
            if (!kept.contains(each)) {
                final ShmDomain medium = messages.domain();
                // The name that senders watch goes last: when they look again, all is told.
                medium.withdraw(vi, memberName(member, each));
                medium.withdraw(vi, groupName(member, each));
                member.published().remove(each);
            }
        }
    }

    /** The filter is there before senders can know of the member: what they send by message never comes by the kernel too. */
    private void publish(GroupMember member, Set<Place> places) {
        final ShmVirtualInterface vi = member.socket().endpoint().messages();
        final int error = filterCopies(member, places);
        if (error != 0) {
            LOGGER.log(Level.WARNING, "{0} hears its groups through the kernel: its socket takes no filter: {1}",
                SocketText.address(member.socket().local()), Errno.text(error));
            withdraw(member, Set.of());
            return;
        }
        for (final Place each : places) {
            if (!member.isPublished(each.group(), each.ifIndex())) {
                member.socket().watch().kernelFirst();
                try {
                    messages.domain().publish(vi, memberName(member, each));
                    messages.domain().publish(vi, groupName(member, each));
                    member.published().add(each);
                } catch (final DatapathException e) {
                    LOGGER.log(Level.WARNING, "{0} cannot be reached through shared memory in its groups: {1}: {2}",
                        SocketText.address(member.socket().local()), Reason.DATAPATH_FAILED, e.getMessage());
                }
            }
        }
    }

    /** Tagged copies are sent on the loopback interface only. */
    private int filterCopies(GroupMember member, Set<Place> places) {
        final Set<Integer> ipv4Groups = new HashSet<>();
        for (final Place each : places) {
            final NetworkDevice device = devices.byIndex(each.ifIndex());
            if (each.group().isIpv4() && device != null && device.loopback()) {
                ipv4Groups.add(each.group().ipv4());
            }
        }
        final ShmDomain medium = messages.domain();
        return medium == null ? 0 : CopyFilter.attach(member.socket().shadow().fd(), medium.tag(), List.copyOf(ipv4Groups));
    }

    private static String groupName(GroupMember member, Place at) {
        return GroupName.members(at.group(), member.socket().shadow().port(), at.ifIndex());
    }

    private static String memberName(GroupMember member, Place at) {
        return GroupName.member(at.group(), member.socket().shadow().port(), at.ifIndex(), member.inode());
    }
}
