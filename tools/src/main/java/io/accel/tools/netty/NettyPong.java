package io.accel.tools.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/** An echo on any of Netty's transports: NettyPong TRANSPORT WAIT ADDRESS:PORT; ends with the message that says so. */
public final class NettyPong extends ChannelInboundHandlerAdapter {
    private NettyPong() {
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        NettyPeer.run(args[0], args[1], args[2], new NettyPong());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        final DatagramPacket packet = (DatagramPacket) message;
        if (NettyPeer.sequence(packet) == NettyPeer.FIN) {
            packet.release();
            context.close();
        } else {
            context.writeAndFlush(new DatagramPacket(packet.content(), packet.sender()), context.voidPromise());
        }
    }
}
