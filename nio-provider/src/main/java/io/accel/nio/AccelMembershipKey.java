package io.accel.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;

/** The shadow's membership, as the program sees it: a key of our channel. */
final class AccelMembershipKey extends MembershipKey {
    private final AccelDatagramChannel channel;
    private final MembershipKey shadowKey;

    AccelMembershipKey(AccelDatagramChannel channel, MembershipKey shadowKey) {
        this.channel = channel;
        this.shadowKey = shadowKey;
    }

    /** The key of the shadow that this one stands for. */
    MembershipKey shadowKey() {
        return shadowKey;
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
