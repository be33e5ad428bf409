package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a Netty program finds of a DatagramChannel: first on Netty's own transport, which proves the test, then on ours. */
class AccelDatagramChannelTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private Loops loops;

    @AfterEach
    void close() {
        loops.close();
    }

    /** An allocator without memory. */
    private static final class NothingLeft extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newHeapBuffer(int initial, int most) {
            throw new OutOfMemoryError("thrown on purpose");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int most) {
            throw new OutOfMemoryError("thrown on purpose");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static DatagramPacket packet(String text, Channel to) {
        return new DatagramPacket(bytes(text), (InetSocketAddress) to.localAddress());
    }

    private static Channel connect(Channel from, Channel to) throws InterruptedException {
        from.connect(to.localAddress()).sync();
        return from;
    }

    private static Throwable failure(ChannelFuture future) throws InterruptedException {
        final Throwable cause = future.await().cause();
        assertThat(cause).isNotNull();
        return cause;
    }

    @ParameterizedTest
    @EnumSource
    void aConnectedChannelHearsItsPeerAloneAndADisconnectedOneAll(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final DatagramChannel channel = (DatagramChannel) loops.bind(LOOPBACK, inbox);
        final Channel peer = loops.bind(LOOPBACK, new Inbox());
        final Channel stranger = loops.bind(LOOPBACK, new Inbox());
        connect(channel, peer);
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.remoteAddress()).isEqualTo(peer.localAddress());
        stranger.writeAndFlush(packet("stranger", channel)).sync();
        peer.writeAndFlush(packet("peer", channel)).sync();
        assertThat(inbox.take().text()).isEqualTo("peer");
        channel.disconnect().sync();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.remoteAddress()).isNull();
        stranger.writeAndFlush(packet("stranger", channel)).sync();
        assertThat(inbox.take().text()).isEqualTo("stranger");
        assertThat(inbox.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectedChannelSendsPlainBuffersToItsPeerAndToNobodyElse(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel peer = loops.bind(LOOPBACK, inbox);
        final Channel other = loops.bind(LOOPBACK, new Inbox());
        final Channel channel = connect(loops.bind(LOOPBACK, new Inbox()), peer);
        channel.writeAndFlush(bytes("plain")).sync();
        assertThat(inbox.take().text()).isEqualTo("plain");
        channel.writeAndFlush(packet("to the peer", peer)).sync();
        assertThat(inbox.take().text()).isEqualTo("to the peer");
        assertThat(failure(channel.writeAndFlush(packet("x", other)))).isInstanceOf(AlreadyConnectedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatCannotBeSent(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        assertThat(failure(channel.writeAndFlush(bytes("x")))).isInstanceOf(NotYetConnectedException.class);
        assertThat(failure(channel.writeAndFlush("a string"))).isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("unsupported message type: String");
        assertThat(failure(channel.writeAndFlush(new DatagramPacket(bytes("x"), InetSocketAddress.createUnresolved("nowhere.invalid", 1)))))
            .isInstanceOf(UnresolvedAddressException.class);
        assertThat(failure(channel.writeAndFlush(new DatagramPacket(bytes("x"), new InetSocketAddress(LOOPBACK, 0)))))
            .isInstanceOf(SocketException.class);
        assertThat(failure(channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(new byte[65_508]),
            (InetSocketAddress) channel.localAddress())))).isInstanceOf(IOException.class).hasMessageContaining("Message too long");
        channel.close().sync();
        assertThat(failure(channel.writeAndFlush(packet("x", channel)))).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aFailedWriteDoesNotHoldUpTheNext(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bind(LOOPBACK, inbox);
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        final ChannelFuture bad = channel.write(new DatagramPacket(bytes("x"), new InetSocketAddress(LOOPBACK, 0)));
        final ChannelFuture good = channel.write(packet("good", to));
        channel.flush();
        assertThat(failure(bad)).isInstanceOf(SocketException.class);
        good.sync();
        assertThat(inbox.take().text()).isEqualTo("good");
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfAnUnreachablePortAndGoesOn(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel channel = loops.bind(LOOPBACK, inbox);
        try (Loops peers = Loops.ofAccel(1)) {
            final Channel gone = peers.bind(LOOPBACK, new Inbox());
            connect(channel, gone);
            gone.close().sync();
        }
        channel.writeAndFlush(bytes("to nobody")).await();
        assertThat(inbox.takeFailure()).isInstanceOf(PortUnreachableException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void buffersOfAnyKindAreOneDatagramEach(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bind(LOOPBACK, inbox);
        final InetSocketAddress address = (InetSocketAddress) to.localAddress();
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        final ByteBuf composite = Unpooled.wrappedBuffer(bytes("com"), Unpooled.directBuffer().writeBytes(bytes("posi")), bytes("te"));
        final ByteBuf sliced = bytes("not this, slice, nor this").slice(10, 5);
        for (final ByteBuf each : List.of(bytes("heap"), Unpooled.directBuffer().writeBytes(bytes("direct")), composite, sliced,
            bytes("read").skipBytes(2), bytes("read-only").asReadOnly())) {
            channel.write(new DatagramPacket(each, address));
        }
        channel.flush();
        for (final String text : List.of("heap", "direct", "composite", "slice", "ad", "read-only")) {
            assertThat(inbox.take().text()).isEqualTo(text);
        }
        assertThat(inbox.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void readsBurstsNoLongerThanTheAllocatorSaysAndCutsWhatHasNoRoom(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bind(LOOPBACK, inbox);
        to.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(4).maxMessagesPerRead(3));
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        final int sent = 20;
        // In the loop that both live in: nothing is read before all is sent.
        loops.group().next().submit(() -> IntStream.range(0, sent).forEach(i -> channel.writeAndFlush(packet("abcdefgh", to)))).sync();
        for (int i = 0; i < sent; i++) {
            assertThat(inbox.take().text()).isEqualTo("abcd");
        }
        loops.group().next().submit(() -> { }).sync();
        final List<Integer> bursts = new ArrayList<>(inbox.bursts());
        assertThat(bursts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(sent);
        assertThat(bursts.stream().max(Comparator.naturalOrder())).hasValue(3);
    }

    /** An allocator without direct memory throws an Error, which is no reason to end the loop. */
    @ParameterizedTest
    @EnumSource
    void anAllocatorThatHasNothingLeftEndsItsChannelAlone(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox starved = new Inbox();
        final Channel to = loops.bind(LOOPBACK, starved);
        to.config().setAllocator(new NothingLeft());
        final Inbox inbox = new Inbox();
        final Channel other = loops.bind(LOOPBACK, inbox);
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        channel.writeAndFlush(packet("starved", to)).sync();
        assertThat(starved.takeFailure()).isInstanceOf(OutOfMemoryError.class).hasMessage("thrown on purpose");
        to.closeFuture().sync();
        channel.writeAndFlush(packet("fed", other)).sync();
        assertThat(inbox.take().text()).isEqualTo("fed");
    }

    @ParameterizedTest
    @EnumSource
    void readsOnlyWhenAskedToWithoutAutoRead(Transport transport) throws InterruptedException {
        loops = transport.open(2);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bootstrap(null, inbox).option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64).maxMessagesPerRead(1))
            .bind(new InetSocketAddress(LOOPBACK, 0)).sync().channel();
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        for (int i = 0; i < 3; i++) {
            channel.writeAndFlush(packet("datagram " + i, to)).sync();
        }
        to.eventLoop().submit(() -> { }).sync();
        assertThat(inbox.isEmpty()).isTrue();
        for (int i = 0; i < 3; i++) {
            to.read();
            assertThat(inbox.take().text()).isEqualTo("datagram " + i);
            to.eventLoop().submit(() -> { }).sync();
            assertThat(inbox.isEmpty()).isTrue();
        }
        to.config().setAutoRead(true);
        channel.writeAndFlush(packet("by itself", to)).sync();
        assertThat(inbox.take().text()).isEqualTo("by itself");
    }

    @ParameterizedTest
    @EnumSource
    void movesToAnotherLoop(Transport transport) throws InterruptedException {
        loops = transport.open(2);
        final Inbox inbox = new Inbox();
        final Channel moving = loops.bind(LOOPBACK, inbox);
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        assertThat(moving.eventLoop()).isNotSameAs(channel.eventLoop());
        moving.deregister().sync();
        channel.writeAndFlush(packet("between", moving)).sync();
        channel.eventLoop().register(moving).sync();
        assertThat(inbox.take().text()).isEqualTo("between");
        channel.writeAndFlush(packet("after", moving)).sync();
        assertThat(inbox.take().text()).isEqualTo("after");
    }

    @ParameterizedTest
    @EnumSource
    void aPortThatIsTakenIsRefused(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Channel first = loops.bind(LOOPBACK, new Inbox());
        assertThat(failure(loops.bootstrap(null, new Inbox()).bind(first.localAddress()))).isInstanceOf(BindException.class);
    }

    /** On NIO the selector holds the descriptor for a while. */
    @Test
    void aPortIsFreeWhenTheCloseIsDone() throws InterruptedException {
        loops = Loops.ofAccel(2);
        final Channel first = loops.bind(LOOPBACK, new Inbox());
        for (int i = 0; i < 100; i++) {
            final Channel again = first.isOpen() ? first : loops.bootstrap(null, new Inbox()).bind(first.localAddress()).sync().channel();
            again.close().sync();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectBindsWhatIsUnbound(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel server = loops.bind(LOOPBACK, new Echo());
        final DatagramChannel channel = (DatagramChannel) loops.bootstrap(null, inbox).connect(server.localAddress()).sync().channel();
        assertThat(channel.isActive()).isTrue();
        assertThat(channel.localAddress().getAddress()).isEqualTo(LOOPBACK);
        assertThat(channel.localAddress().getPort()).isNotZero();
        channel.writeAndFlush(bytes("hello")).sync();
        assertThat(inbox.take()).isEqualTo(new Inbox.Received("hello", (InetSocketAddress) server.localAddress(), channel.localAddress()));
    }

    @ParameterizedTest
    @EnumSource
    void carriesDatagramsOfAnySize(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bind(LOOPBACK, inbox);
        to.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(65_536));
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        for (final int length : new int[] {1, 1_472, 1_473, 2_048, 9_000, 65_507}) {
            final String text = "x".repeat(length - 1) + "y";
            channel.writeAndFlush(packet(text, to)).sync();
            assertThat(inbox.take().text()).isEqualTo(text);
        }
    }

    /** Also the one that is got for a look at a kernel socket that has nothing, and those of failed writes. */
    @ParameterizedTest
    @EnumSource
    void givesEveryBufferBack(Transport transport) throws InterruptedException {
        final UnpooledByteBufAllocator received = new UnpooledByteBufAllocator(true);
        final UnpooledByteBufAllocator sent = new UnpooledByteBufAllocator(true);
        loops = transport.open(1);
        final Inbox inbox = new Inbox();
        final Channel to = loops.bootstrap(null, inbox).option(ChannelOption.ALLOCATOR, received).bind(new InetSocketAddress(LOOPBACK, 0))
            .sync().channel();
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        for (int i = 0; i < 100; i++) {
            final ByteBuf good = sent.directBuffer().writeBytes(bytes("datagram"));
            channel.writeAndFlush(new DatagramPacket(good, (InetSocketAddress) to.localAddress())).sync();
            final ByteBuf bad = sent.directBuffer().writeBytes(bytes("datagram"));
            failure(channel.writeAndFlush(new DatagramPacket(bad, new InetSocketAddress(LOOPBACK, 0))));
            inbox.take();
        }
        channel.write(new DatagramPacket(sent.directBuffer().writeBytes(bytes("never flushed")), (InetSocketAddress) to.localAddress()));
        channel.close().sync();
        to.close().sync();
        assertThat(received.metric().usedDirectMemory() + received.metric().usedHeapMemory()).isZero();
        assertThat(sent.metric().usedDirectMemory()).isZero();
    }

    /** While their loop hands out what it found, which must lose nothing of the others'. */
    @ParameterizedTest
    @EnumSource
    void handlersMayCloseOtherChannelsOfTheirLoop(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        final List<Channel> victims = new ArrayList<>();
        final List<Inbox> inboxes = new ArrayList<>();
        final List<Channel> all = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            final Channel victim = loops.bind(LOOPBACK, new Inbox());
            victims.add(victim);
            final Inbox inbox = new Inbox();
            inboxes.add(inbox);
            final Channel closing = loops.bind(LOOPBACK, inbox);
            closing.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    victim.close();
                    context.fireChannelRead(message);
                }
            });
            all.add(closing);
            all.add(victim);
        }
        final Channel channel = loops.bind(LOOPBACK, new Inbox());
        loops.group().next().submit(() -> all.forEach(each -> channel.writeAndFlush(packet("to all", each)))).sync();
        for (final Inbox inbox : inboxes) {
            assertThat(inbox.take().text()).isEqualTo("to all");
        }
        for (final Channel victim : victims) {
            assertThat(victim.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
