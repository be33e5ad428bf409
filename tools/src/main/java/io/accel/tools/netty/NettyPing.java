package io.accel.tools.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Netty's epoll transport as a pinging peer: NettyPing LOCAL PONG_ADDRESS:PORT SECONDS; warms up for as long. Prints what Ping prints. */
public final class NettyPing extends SimpleChannelInboundHandler<DatagramPacket> {
    static final long FIN = -1;
    private static final int BYTES = 64;
    private static final long TIMEOUT_NANOS = 100_000_000;
    private static final int MOST = 10_000_000;

    private final InetSocketAddress peer;
    private final long phaseNanos;
    private final long[] nanos = new long[MOST];
    private int count;
    private long sequence;
    private long sentAt;
    private long phaseEnds;
    private long measuredSince;
    private long lost;
    private boolean measuring;

    private NettyPing(InetSocketAddress peer, long phaseNanos) {
        this.peer = peer;
        this.phaseNanos = phaseNanos;
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        final EventLoopGroup group = Spinning.group();
        final NettyPing ping = new NettyPing(NettyPong.address(args[1]), Long.parseLong(args[2]) * 1_000_000_000);
        try {
            final Channel channel = new Bootstrap().group(group).channel(EpollDatagramChannel.class).handler(ping)
                .bind(args[0], 0).sync().channel();
            channel.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
        ping.report();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        phaseEnds = System.nanoTime() + phaseNanos;
        context.executor().scheduleAtFixedRate(() -> resend(context), TIMEOUT_NANOS, TIMEOUT_NANOS, TimeUnit.NANOSECONDS);
        send(context, sequence);
    }

    private void send(ChannelHandlerContext context, long number) {
        final ByteBuf message = context.alloc().directBuffer(BYTES).writeLong(number).writeZero(BYTES - Long.BYTES);
        sentAt = System.nanoTime();
        context.writeAndFlush(new DatagramPacket(message, peer));
    }

    private void resend(ChannelHandlerContext context) {
        if (System.nanoTime() - sentAt >= TIMEOUT_NANOS) {
            lost++;
            send(context, ++sequence);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        final long now = System.nanoTime();
        if (packet.content().getLong(packet.content().readerIndex()) != sequence) {
            return;
        }
        if (measuring) {
            nanos[count++] = now - sentAt;
        }
        if (now - phaseEnds >= 0 || count == MOST) {
            nextPhase(context, now);
        } else {
            send(context, ++sequence);
        }
    }

    private void nextPhase(ChannelHandlerContext context, long now) {
        if (measuring) {
            measuredSince = now - measuredSince;
            for (int i = 0; i < 3; i++) {
                send(context, FIN);
            }
            context.close();
            return;
        }
        measuring = true;
        lost = 0;
        measuredSince = now;
        phaseEnds = now + phaseNanos;
        send(context, ++sequence);
    }

    private void report() {
        Arrays.sort(nanos, 0, count);
        System.out.printf("{\"program\":\"NettyPing\",\"messages\":%d,\"rate\":%d,\"min_ns\":%d,\"p50_ns\":%d,\"p90_ns\":%d,\"p99_ns\":%d,"
            + "\"p999_ns\":%d,\"lost\":%d,\"corrupt\":0}%n", count, Math.round(count * 1e9 / Math.max(1, measuredSince)), quantile(0),
            quantile(0.5), quantile(0.9), quantile(0.99), quantile(0.999), lost);
    }

    private long quantile(double fraction) {
        return count == 0 ? 0 : nanos[Math.min(count - 1, (int) (count * fraction))];
    }
}
