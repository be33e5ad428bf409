package io.accel.tools.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.concurrent.TimeUnit;

/**
 * Counts what {@link NettySender} sends, on any of Netty's transports: NettySink TRANSPORT WAIT ADDRESS:PORT BYTES WARMUP_SECONDS. Prints
 * one line of JSON; its rate leaves the warm-up out.
 */
public final class NettySink extends ChannelInboundHandlerAdapter {
    /** After the end was announced, what is still under way is waited for so long. */
    private static final long GRACE_MILLIS = 200;

    private final int bytes;
    private long warmupNanos;
    private long received;
    private long unmeasured;
    private long first;
    private long last;
    private long next;
    private long reordered;
    private long corrupt;
    private long sent = -1;
    private boolean any;

    private NettySink(int bytes, int warmupSeconds) {
        this.bytes = bytes;
        this.warmupNanos = TimeUnit.SECONDS.toNanos(warmupSeconds);
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        final NettySink sink = new NettySink(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        NettyPeer.run(args[0], args[1], args[2], sink);
        sink.report();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        final DatagramPacket packet = (DatagramPacket) message;
        final long sequence = NettyPeer.sequence(packet);
        if (!NettyPeer.isIntact(packet, bytes)) {
            corrupt++;
        } else if (sequence >= 0) {
            any = true;
            received++;
            reordered += sequence < next ? 1 : 0;
            next = Math.max(next, sequence + 1);
        } else if (sequence == NettyPeer.HELLO) {
            context.writeAndFlush(new DatagramPacket(packet.content(), packet.sender()), context.voidPromise());
            return;
        } else if (sent < 0) {
            sent = packet.content().getLong(packet.content().readerIndex() + Long.BYTES);
            context.executor().schedule(() -> context.close(), GRACE_MILLIS, TimeUnit.MILLISECONDS);
        }
        packet.release();
    }

    /** One look at the clock for each burst. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!any) {
            return;
        }
        any = false;
        last = System.nanoTime();
        if (first == 0) {
            first = last;
            unmeasured = received;
        } else if (warmupNanos > 0 && last - first >= warmupNanos) {
            warmupNanos = 0;
            first = last;
            unmeasured = received;
        }
    }

    private void report() {
        System.out.printf("{\"program\":\"NettySink\",\"received\":%d,\"rate\":%d,\"sent\":%d,\"lost\":%d,\"reordered\":%d,"
            + "\"corrupt\":%d}%n", received, Math.round((received - unmeasured) * 1e9 / Math.max(1, last - first)), sent, sent - received,
            reordered, corrupt);
    }
}
