package io.accel.tools.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;

/** What the Netty programs of the benchmarks share: their one channel, and messages that are numbered at both ends. */
final class NettyPeer {
    /** Numbers of messages that are none of the stream. */
    static final long FIN = -1;
    static final long HELLO = -2;
    /** As the samples ask for; the kernel gives what it allows. */
    private static final int RECEIVE_BUFFER = 4 << 20;

    private NettyPeer() {
    }

    /** Runs one channel until it is closed. */
    static void run(String transport, String wait, String local, ChannelHandler handler) throws InterruptedException {
        final NettyTransport chosen = NettyTransport.valueOf(word(transport));
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, chosen.handlers(WaitStrategy.valueOf(word(wait))));
        try {
            new Bootstrap().group(group).channel(chosen.channels()).handler(handler)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT).option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .bind(address(local)).sync().channel().closeFuture().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static String word(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static InetSocketAddress address(String text) {
        final int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /** To be written again and again. */
    static DatagramPacket message(int bytes, InetSocketAddress to) {
        return new DatagramPacket(PooledByteBufAllocator.DEFAULT.directBuffer(bytes).writeZero(bytes), to);
    }

    static DatagramPacket number(DatagramPacket message, long sequence) {
        final ByteBuf data = message.content();
        data.setIndex(0, data.capacity());
        data.setLong(0, sequence);
        data.setLong(data.capacity() - Long.BYTES, sequence);
        return message;
    }

    static long sequence(DatagramPacket message) {
        return message.content().getLong(message.content().readerIndex());
    }

    static boolean isIntact(DatagramPacket message, int bytes) {
        final ByteBuf data = message.content();
        return data.readableBytes() == bytes && data.getLong(data.writerIndex() - Long.BYTES) == sequence(message);
    }

    /** In the loop, now and then; by a thread beside it, as a loop that has something scheduled leaves off to busy-wait. */
    static void repeat(EventExecutor loop, long millis, Runnable task) {
        new Timer("repeat", true).scheduleAtFixedRate(new TimerTask() {
            @Override
            public void run() {
                if (loop.isShuttingDown()) {
                    cancel();
                } else {
                    loop.execute(task);
                }
            }
        }, millis, millis);
    }
}
