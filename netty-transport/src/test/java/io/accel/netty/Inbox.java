package io.accel.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a channel receives, as text, and what it fails with. */
final class Inbox extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final int PATIENCE_SECONDS = 20;

    /** Of a burst, ended by a channelReadComplete, that had as many datagrams. */
    private final BlockingQueue<Integer> bursts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private int inBurst;

    record Received(String text, InetSocketAddress sender, InetSocketAddress recipient) {
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        inBurst++;
        received.add(new Received(packet.content().toString(StandardCharsets.UTF_8), packet.sender(), packet.recipient()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        bursts.add(inBurst);
        inBurst = 0;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failures.add(cause);
    }

    Received take() throws InterruptedException {
        final Received next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came; failures: " + failures);
        }
        return next;
    }

    Throwable takeFailure() throws InterruptedException {
        final Throwable next = failures.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing failed");
        }
        return next;
    }

    boolean isEmpty() {
        return received.isEmpty();
    }

    BlockingQueue<Integer> bursts() {
        return bursts;
    }
}
