package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of writes: first on Netty's own transport, which proves the test, then on ours. */
class WriteTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private Loops loops;

    @AfterEach
    void close() {
        loops.close();
    }

    private static DatagramPacket packet(ByteBuf data, Channel to) {
        return new DatagramPacket(data, (InetSocketAddress) to.localAddress());
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.wrappedBuffer(new byte[count]);
    }

    /** What is written and not flushed counts against the water marks; a flush takes it off. */
    @ParameterizedTest
    @EnumSource
    void isUnwritableAboveTheHighWaterMarkUntilAFlush(Transport transport) throws InterruptedException {
        final BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bind(LOOPBACK, inbox);
        final Channel channel = loops.bootstrap(null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                changes.add(context.channel().isWritable());
            }
        }).option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1_000, 2_000))
            .bind(new InetSocketAddress(LOOPBACK, 0)).sync().channel();
        final ChannelFuture first = channel.write(packet(bytes(1_200), to));
        final ChannelFuture second = channel.write(packet(bytes(1_200), to));
        assertThat(changes.poll(20, TimeUnit.SECONDS)).isFalse();
        assertThat(channel.isWritable()).isFalse();
        assertThat(channel.bytesBeforeWritable()).isPositive();
        channel.flush();
        first.sync();
        second.sync();
        assertThat(changes.poll(20, TimeUnit.SECONDS)).isTrue();
        assertThat(channel.isWritable()).isTrue();
        assertThat(inbox.take().text()).hasSize(1_200);
        assertThat(inbox.take().text()).hasSize(1_200);
    }

    @ParameterizedTest
    @EnumSource
    void writesThatPendAtACloseFailAndGiveTheirBuffersBack(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Channel to = loops.bind(LOOPBACK, new Inbox());
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        final List<ByteBuf> data = List.of(bytes(10), bytes(20));
        final List<ChannelFuture> futures = data.stream().map(each -> channel.write(packet(each, to))).toList();
        channel.close().sync();
        for (final ChannelFuture each : futures) {
            assertThat(each.await().cause()).isInstanceOf(ClosedChannelException.class);
        }
        assertThat(data).allSatisfy(each -> assertThat(each.refCnt()).isZero());
        final ByteBuf late = bytes(1);
        assertThat(channel.writeAndFlush(packet(late, to)).await().cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(late.refCnt()).isZero();
    }

    /** A burst of more than the kernel's send buffer or a ring of ours holds: the rest waits or is sent, and every promise is told. */
    @ParameterizedTest
    @EnumSource
    void aLongBurstIsWrittenToTheEnd(Transport transport) throws InterruptedException {
        loops = transport.open(2);
        final Channel to = loops.bind(LOOPBACK, new ChannelInboundHandlerAdapter());
        final Channel channel = loops.bootstrap(null, new Inbox()).option(ChannelOption.SO_SNDBUF, 4_096)
            .bind(new InetSocketAddress(LOOPBACK, 0)).sync().channel();
        for (int i = 0; i < 5_000; i++) {
            channel.write(packet(bytes(1_000), to));
        }
        final ChannelFuture last = channel.writeAndFlush(packet(bytes(1_000), to));
        assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(last.cause()).isNull();
        assertThat(channel.isWritable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aBroadcastNeedsTheOption(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bootstrap(null, inbox).bind(new InetSocketAddress(0)).sync().channel();
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        final InetSocketAddress all = new InetSocketAddress("127.255.255.255", ((InetSocketAddress) to.localAddress()).getPort());
        channel.config().setOption(ChannelOption.SO_BROADCAST, false);
        assertThat(channel.writeAndFlush(new DatagramPacket(bytes(3), all)).await().cause()).isInstanceOf(SocketException.class);
        channel.config().setOption(ChannelOption.SO_BROADCAST, true);
        channel.writeAndFlush(new DatagramPacket(bytes(4), all)).sync();
        assertThat(inbox.take().text()).hasSize(4);
        assertThat(inbox.isEmpty()).isTrue();
    }
}
