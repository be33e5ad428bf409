package io.accel.netty;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Objects;

/** The many forms in which Netty asks for groups, brought down to three. */
abstract class AbstractDatagramChannel extends AbstractChannel implements DatagramChannel {
    AbstractDatagramChannel() {
        super(null);
    }

    /** @param source null: all. What it throws fails the promise, what it returns completes it. */
    abstract void doJoin(InetAddress group, NetworkInterface on, InetAddress source) throws Exception;

    abstract void doLeave(InetAddress group, NetworkInterface on, InetAddress source) throws Exception;

    abstract void doBlock(InetAddress group, NetworkInterface on, InetAddress source) throws Exception;

    @Override
    public abstract InetSocketAddress localAddress();

    @Override
    public abstract InetSocketAddress remoteAddress();

    @FunctionalInterface
    private interface GroupOperation {
        void run(InetAddress group, NetworkInterface on, InetAddress source) throws Exception;
    }

    private static ChannelFuture run(GroupOperation operation, InetAddress group, NetworkInterface on, InetAddress source,
                                     ChannelPromise promise) {
        Objects.requireNonNull(group, "multicastAddress");
        Objects.requireNonNull(on, "networkInterface");
        try {
            operation.run(group, on, source);
            return promise.setSuccess();
        } catch (final Exception e) {
            return promise.setFailure(e);
        }
    }

    /** The one that the program has set, or that of the local address. */
    private NetworkInterface groupInterface() throws SocketException {
        final NetworkInterface set = config().getNetworkInterface();
        return set != null ? set : NetworkInterface.getByInetAddress(localAddress().getAddress());
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group) {
        return joinGroup(group, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group, ChannelPromise promise) {
        try {
            return joinGroup(group, groupInterface(), null, promise);
        } catch (final SocketException e) {
            return promise.setFailure(e);
        }
    }

    @Override
    public ChannelFuture joinGroup(InetSocketAddress group, NetworkInterface on) {
        return joinGroup(group, on, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(InetSocketAddress group, NetworkInterface on, ChannelPromise promise) {
        return joinGroup(group.getAddress(), on, null, promise);
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group, NetworkInterface on, InetAddress source) {
        return joinGroup(group, on, source, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group, NetworkInterface on, InetAddress source, ChannelPromise promise) {
        return run(this::doJoin, group, on, source, promise);
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group) {
        return leaveGroup(group, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group, ChannelPromise promise) {
        try {
            return leaveGroup(group, groupInterface(), null, promise);
        } catch (final SocketException e) {
            return promise.setFailure(e);
        }
    }

    @Override
    public ChannelFuture leaveGroup(InetSocketAddress group, NetworkInterface on) {
        return leaveGroup(group, on, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(InetSocketAddress group, NetworkInterface on, ChannelPromise promise) {
        return leaveGroup(group.getAddress(), on, null, promise);
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group, NetworkInterface on, InetAddress source) {
        return leaveGroup(group, on, source, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group, NetworkInterface on, InetAddress source, ChannelPromise promise) {
        return run(this::doLeave, group, on, source, promise);
    }

    @Override
    public ChannelFuture block(InetAddress group, NetworkInterface on, InetAddress source) {
        return block(group, on, source, newPromise());
    }

    @Override
    public ChannelFuture block(InetAddress group, NetworkInterface on, InetAddress source, ChannelPromise promise) {
        Objects.requireNonNull(source, "sourceToBlock");
        return run(this::doBlock, group, on, source, promise);
    }

    @Override
    public ChannelFuture block(InetAddress group, InetAddress source) {
        return block(group, source, newPromise());
    }

    @Override
    public ChannelFuture block(InetAddress group, InetAddress source, ChannelPromise promise) {
        try {
            return block(group, groupInterface(), source, promise);
        } catch (final SocketException e) {
            return promise.setFailure(e);
        }
    }
}
