package io.accel.samples;

import io.accel.netty.AccelDatagramChannel;
import io.accel.netty.AccelIoHandler;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.util.function.Supplier;

/** All that is different between transports in a Netty program: the handler of the group, and the class of the channel. */
enum NettyTransport {
    NIO(NioIoHandler::newFactory, NioDatagramChannel.class),
    ACCEL(AccelIoHandler::newFactory, AccelDatagramChannel.class);

    private final Supplier<IoHandlerFactory> handlers;
    private final Class<? extends DatagramChannel> channels;

    NettyTransport(Supplier<IoHandlerFactory> handlers, Class<? extends DatagramChannel> channels) {
        this.handlers = handlers;
        this.channels = channels;
    }

    /** Of one event loop, which the caller shuts down. */
    Bootstrap bootstrap() {
        return new Bootstrap().group(new MultiThreadIoEventLoopGroup(1, handlers.get())).channel(channels);
    }
}
