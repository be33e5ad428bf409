package io.accel.tools.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Sends numbered messages as fast as it can on any of Netty's transports, a flush for each burst of them: NettySender TRANSPORT WAIT
 * ADDRESS:PORT SINK_ADDRESS:PORT BYTES SECONDS. Starts when the sink has answered.
 */
public final class NettySender extends ChannelInboundHandlerAdapter {
    private static final int BURST = 32;
    /** More than the high water mark lets be under way. */
    private static final int MESSAGES = 1024;
    private static final long GREETING_MILLIS = 20;
    private static final long FIN_MILLIS = 10;
    private static final int FINS = 10;

    private final DatagramPacket[] messages = new DatagramPacket[MESSAGES];
    private final Runnable burst = this::stream;
    private final InetSocketAddress sink;
    private final int bytes;
    private final long nanos;
    private ChannelHandlerContext context;
    private long sequence;
    private long start;
    private boolean streaming;
    private boolean ended;
    private boolean isDue;
    private int fins;

    private NettySender(InetSocketAddress sink, int bytes, int seconds) {
        this.sink = sink;
        this.bytes = bytes;
        this.nanos = TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < MESSAGES; i++) {
            messages[i] = NettyPeer.message(bytes, sink);
        }
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        NettyPeer.run(args[0], args[1], args[2],
            new NettySender(NettyPeer.address(args[3]), Integer.parseInt(args[4]), Integer.parseInt(args[5])));
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        NettyPeer.repeat(context.executor(), GREETING_MILLIS, this::greet);
    }

    private void greet() {
        if (!streaming && context.channel().isActive()) {
            context.writeAndFlush(NettyPeer.number(NettyPeer.message(bytes, sink), NettyPeer.HELLO), context.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object received) {
        ((DatagramPacket) received).release();
        if (!streaming) {
            streaming = true;
            start = System.nanoTime();
            stream();
        }
    }

    /** A burst, and another as soon as the loop has looked at everything else; or when what is under way has become less. */
    private void stream() {
        isDue = false;
        for (int i = 0; i < BURST && context.channel().isWritable(); i++) {
            final DatagramPacket message = messages[(int) sequence & MESSAGES - 1];
            context.write(NettyPeer.number(message, sequence++).retain(), context.voidPromise());
        }
        context.flush();
        if (System.nanoTime() - start >= nanos) {
            end();
        } else {
            goOn();
        }
    }

    private void goOn() {
        if (!isDue && !ended && context.channel().isWritable()) {
            isDue = true;
            context.executor().execute(burst);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext of) {
        if (streaming) {
            goOn();
        }
    }

    private void end() {
        ended = true;
        announceEnd();
    }

    /** With the number of messages between the two ends; several times, each when the one before has left, and with it the stream. */
    private void announceEnd() {
        final DatagramPacket fin = NettyPeer.number(NettyPeer.message(bytes, sink), NettyPeer.FIN);
        fin.content().setLong(Long.BYTES, sequence);
        context.writeAndFlush(fin).addListener(left -> {
            if (++fins < FINS) {
                context.executor().schedule(this::announceEnd, FIN_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                context.close();
            }
        });
    }
}
