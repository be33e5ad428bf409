package io.accel.it.programs;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Echo with Netty's NIO datagram transport. {@code NettyEcho ADDRESS} answers at port 9000 until it is terminated;
 * {@code NettyEcho ADDRESS PEER COUNT} sends to it, some at once, and compares every byte that comes back.
 */
public final class NettyEcho {
    private static final int PORT = 9000;
    private static final int AT_ONCE = 16;
    private static final int LONGEST = 1472;
    private static final long PATIENCE_SECONDS = 50;

    private NettyEcho() {
    }

    public static void main(String[] arguments) throws Exception {
        // NioEventLoopGroup is what both releases have.
        @SuppressWarnings("deprecation")
        final EventLoopGroup group = new NioEventLoopGroup(1);
        try {
            if (arguments.length == 1) {
                final Channel server = bind(group, new Answerer(), arguments[0], PORT);
                System.out.println("NettyEcho at " + server.localAddress());
                server.closeFuture().sync();
            } else {
                final Asker asker = new Asker(new InetSocketAddress(arguments[1], PORT), Integer.parseInt(arguments[2]));
                final Channel client = bind(group, asker, arguments[0], 0);
                if (!client.closeFuture().await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(asker.answered.cardinality() + " of " + asker.count + " came back");
                }
                System.out.println(asker.answered.cardinality() + " answered, " + asker.damaged + " damaged");
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static Channel bind(EventLoopGroup group, ChannelHandler handler, String address, int port) throws InterruptedException {
        return new Bootstrap().group(group).channel(NioDatagramChannel.class).handler(handler).bind(address, port).sync().channel();
    }

    /** Sends back what comes. */
    private static final class Answerer extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            context.writeAndFlush(new DatagramPacket(packet.content().retain(), packet.sender()));
        }
    }

    /** Keeps some under way, each with a length and bytes of its own, and closes the channel after the last answer. */
    private static final class Asker extends SimpleChannelInboundHandler<DatagramPacket> {
        private final InetSocketAddress peer;
        private final int count;
        private final BitSet answered = new BitSet();
        private int sent;
        private int damaged;

        Asker(InetSocketAddress peer, int count) {
            this.peer = peer;
            this.count = count;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            while (sent < Math.min(AT_ONCE, count)) {
                ask(context);
            }
        }

        private void ask(ChannelHandlerContext context) {
            context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(payload(sent++)), peer));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            final ByteBuf content = packet.content();
            final int number = content.readableBytes() < Integer.BYTES ? -1 : content.getInt(content.readerIndex());
            if (number < 0 || number >= sent || answered.get(number) || !packet.sender().equals(peer)
                || !Arrays.equals(ByteBufUtil.getBytes(content), payload(number))) {
                damaged++;
                return;
            }
            answered.set(number);
            if (sent < count) {
                ask(context);
            } else if (answered.cardinality() == count) {
                context.close();
            }
        }

        private static byte[] payload(int number) {
            final Random random = new Random(number);
            final byte[] bytes = new byte[Integer.BYTES + random.nextInt(LONGEST - Integer.BYTES + 1)];
            random.nextBytes(bytes);
            Unpooled.wrappedBuffer(bytes).setInt(0, number);
            return bytes;
        }
    }
}
