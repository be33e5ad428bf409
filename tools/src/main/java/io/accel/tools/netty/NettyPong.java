package io.accel.tools.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** Netty's epoll transport as an echo peer: NettyPong ADDRESS:PORT; ends with the message that says so. */
public final class NettyPong extends SimpleChannelInboundHandler<DatagramPacket> {
    private NettyPong() {
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        final EventLoopGroup group = Spinning.group();
        try {
            new Bootstrap().group(group).channel(EpollDatagramChannel.class).handler(new NettyPong()).bind(address(args[0])).sync()
                .channel().closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    static InetSocketAddress address(String text) {
        final int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        if (packet.content().getLong(packet.content().readerIndex()) == NettyPing.FIN) {
            context.close();
        } else {
            context.writeAndFlush(new DatagramPacket(packet.content().retain(), packet.sender()));
        }
    }
}
