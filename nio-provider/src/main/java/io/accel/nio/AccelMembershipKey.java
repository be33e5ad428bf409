package io.accel.nio;

import io.accel.udp.address.IpAddress;
import io.accel.udp.group.Membership;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.util.HashSet;
import java.util.Set;

/** The shadow's membership, as the program sees it: a key of our channel. */
final class AccelMembershipKey extends MembershipKey {
    private final AccelDatagramChannel channel;
    private final MembershipKey shadowKey;
    private final int ifIndex;
    private final Set<InetAddress> blocked = new HashSet<>();

    /** @param ifIndex index of the interface on which the kernel joined */
    AccelMembershipKey(AccelDatagramChannel channel, MembershipKey shadowKey, int ifIndex) {
        this.channel = channel;
        this.shadowKey = shadowKey;
        this.ifIndex = ifIndex;
    }

    /** The key of the shadow that this one stands for. */
    MembershipKey shadowKey() {
        return shadowKey;
    }

    /** Sources that are blocked; guarded by the channel's {@link Memberships}. */
    Set<InetAddress> blocked() {
        return blocked;
    }

    /** What the stack is to enforce of it. */
    Membership membership() {
        final InetAddress only = sourceAddress();
        final IpAddress group = IpAddress.of(group(), 0);
        return only != null ? Membership.ofOne(group, ifIndex, IpAddress.of(only, 0))
            : new Membership(group, ifIndex, false, blocked.stream().map(each -> IpAddress.of(each, 0)).toList());
    }

    @Override
    public boolean isValid() {
        return shadowKey.isValid() && channel.isOpen();
    }

    @Override
    public void drop() {
        if (isValid()) {
            channel.memberships().drop(this);
        }
    }

    @Override
    public MembershipKey block(InetAddress source) throws IOException {
        channel.memberships().block(this, source);
        return this;
    }

    @Override
    public MembershipKey unblock(InetAddress source) {
        channel.memberships().unblock(this, source);
        return this;
    }

    @Override
    public MulticastChannel channel() {
        return channel;
    }

    @Override
    public InetAddress group() {
        return shadowKey.group();
    }

    @Override
    public NetworkInterface networkInterface() {
        return shadowKey.networkInterface();
    }

    @Override
    public InetAddress sourceAddress() {
        return shadowKey.sourceAddress();
    }
}
