package io.accel.tools.netty;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * Measures round trips on any of Netty's transports: NettyPing TRANSPORT WAIT ADDRESS:PORT PONG_ADDRESS:PORT BYTES WARMUP_SECONDS
 * SECONDS. Prints what Ping prints.
 */
public final class NettyPing extends ChannelInboundHandlerAdapter {
    private static final long TIMEOUT_MILLIS = 100;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int FINS = 3;

    private final DatagramPacket message;
    private final int bytes;
    private final long warmupNanos;
    private final long measuredNanos;
    private final Histogram nanos = new Histogram(LONGEST_NANOS, 3);
    private long sequence;
    private long sentAt;
    private long phaseEnds;
    private long measuredSince;
    private long lost;
    private long corrupt;
    private boolean measuring;
    private boolean done;

    private NettyPing(DatagramPacket message, int warmupSeconds, int seconds) {
        this.message = message;
        this.bytes = message.content().capacity();
        this.warmupNanos = TimeUnit.SECONDS.toNanos(warmupSeconds);
        this.measuredNanos = TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        final DatagramPacket message = NettyPeer.message(Integer.parseInt(args[4]), NettyPeer.address(args[3]));
        final NettyPing ping = new NettyPing(message, Integer.parseInt(args[5]),
            Integer.parseInt(args[6]));
        NettyPeer.run(args[0], args[1], args[2], ping);
        ping.report();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        phaseEnds = System.nanoTime() + warmupNanos;
        NettyPeer.repeat(context.executor(), TIMEOUT_MILLIS, () -> resend(context));
        send(context);
    }

    private void send(ChannelHandlerContext context) {
        NettyPeer.number(message, ++sequence);
        sentAt = System.nanoTime();
        context.writeAndFlush(message.retain(), context.voidPromise());
    }

    private void resend(ChannelHandlerContext context) {
        if (!done && System.nanoTime() - sentAt >= TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS)) {
            lost++;
            send(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
        final long now = System.nanoTime();
        final DatagramPacket packet = (DatagramPacket) received;
        final boolean expected = !done && NettyPeer.sequence(packet) == sequence;
        if (expected && !NettyPeer.isIntact(packet, bytes)) {
            corrupt++;
        }
        packet.release();
        if (!expected) {
            return;
        }
        if (measuring) {
            nanos.recordValue(Math.min(now - sentAt, LONGEST_NANOS));
        }
        if (now - phaseEnds < 0) {
            send(context);
        } else if (measuring) {
            measuredSince = now - measuredSince;
            end(context);
        } else {
            measuring = true;
            lost = 0;
            measuredSince = now;
            phaseEnds = now + measuredNanos;
            send(context);
        }
    }

    private void end(ChannelHandlerContext context) {
        done = true;
        NettyPeer.number(message, NettyPeer.FIN);
        for (int i = 1; i < FINS; i++) {
            context.write(message.retain(), context.voidPromise());
        }
        context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
    }

    private void report() {
        System.out.printf("{\"program\":\"NettyPing\",\"messages\":%d,\"rate\":%d,\"min_ns\":%d,\"p50_ns\":%d,\"p90_ns\":%d,\"p99_ns\":%d,"
            + "\"p999_ns\":%d,\"lost\":%d,\"corrupt\":%d,\"curve_ns\":%s}%n", nanos.getTotalCount(),
            Math.round(nanos.getTotalCount() * 1e9 / Math.max(1, measuredSince)), nanos.getMinValue(), nanos.getValueAtPercentile(50),
            nanos.getValueAtPercentile(90), nanos.getValueAtPercentile(99), nanos.getValueAtPercentile(99.9), lost, corrupt,
            curve());
    }

    /** As Ping's: below each value lie 1 - 10^(-i/10) of the times. */
    private String curve() {
        return LongStream.rangeClosed(0, (long) Math.floor(10 * Math.log10(Math.max(1, nanos.getTotalCount()))))
            .map(i -> nanos.getValueAtPercentile(100 - 100 * Math.pow(10, -i / 10.0))).mapToObj(Long::toString)
            .collect(Collectors.joining(",", "[", "]"));
    }
}
