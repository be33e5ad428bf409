package io.accel.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A transport in tests: its event loops, and channels in them. */
final class Loops implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;
    /** Long enough for what closing a channel leaves to the loop: its handlers are removed, and free what is theirs, in later tasks. */
    private static final int QUIET_MILLIS = 50;

    private final EventLoopGroup group;
    private final Function<SocketProtocolFamily, ? extends DatagramChannel> channels;

    private Loops(IoHandlerFactory io, int threads, Function<SocketProtocolFamily, ? extends DatagramChannel> channels) {
        this.group = new MultiThreadIoEventLoopGroup(threads, io);
        this.channels = channels;
    }

    static Loops ofAccel(int threads) {
        return new Loops(AccelIoHandler.newFactory(), threads, AccelDatagramChannel::new);
    }

    static Loops ofNio(int threads) {
        return new Loops(NioIoHandler.newFactory(), threads, NioDatagramChannel::new);
    }

    EventLoopGroup group() {
        return group;
    }

    /** Bound to a port of its own. */
    Channel bind(InetAddress to, ChannelHandler handler) throws InterruptedException {
        return bootstrap(null, handler).bind(new InetSocketAddress(to, 0)).sync().channel();
    }

    Bootstrap bootstrap(SocketProtocolFamily family, ChannelHandler handler) {
        return new Bootstrap().group(group).channelFactory(() -> channels.apply(family)).handler(handler);
    }

    @Override
    public void close() {
        if (!group.shutdownGracefully(QUIET_MILLIS, 5_000, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("event loops did not end");
        }
    }
}
