package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Netty's QUIC codec as it is, on channels of this transport: what a stream carries comes back unchanged. */
@Tag("wire")
class QuicTest {
    private static final String PROTOCOL = "echo";
    private static final int STREAM_BYTES = 2_000_000;
    private static final long WINDOW = 10_000_000;

    @BeforeEach
    void needANetwork() {
        assumeTrue(Network.refusal() == null, Network::refusal);
    }

    /** Sends back what comes in a stream, and its end. */
    @Sharable
    private static final class StreamEcho extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            }
        }
    }

    /** Gathers a stream until its end. */
    private static final class Gatherer extends SimpleChannelInboundHandler<ByteBuf> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf data) {
            bytes.writeBytes(ByteBufUtil.getBytes(data));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                whole.complete(bytes.toByteArray());
            }
        }
    }

    private static ChannelHandler serverCodec() throws Exception {
        final X509Bundle certificate = new CertificateBuilder().subject("CN=accel").setIsCertificateAuthority(true).buildSelfSigned();
        return new QuicServerCodecBuilder()
            .sslContext(QuicSslContextBuilder.forServer(certificate.getKeyPair().getPrivate(), null, certificate.getCertificatePath())
                .applicationProtocols(PROTOCOL).build())
            .maxIdleTimeout(20, TimeUnit.SECONDS).initialMaxData(WINDOW).initialMaxStreamDataBidirectionalRemote(WINDOW)
            .initialMaxStreamsBidirectional(10).tokenHandler(InsecureQuicTokenHandler.INSTANCE)
            .streamHandler(new StreamEcho()).build();
    }

    private static ChannelHandler clientCodec() {
        return new QuicClientCodecBuilder()
            .sslContext(QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols(PROTOCOL).build())
            .maxIdleTimeout(20, TimeUnit.SECONDS).initialMaxData(WINDOW).initialMaxStreamDataBidirectionalLocal(WINDOW).build();
    }

    private static Channel bind(Loops loops, InetAddress to, ChannelHandler codec) throws InterruptedException {
        final Bootstrap bootstrap = loops.bootstrap(null, codec);
        return bootstrap.bind(new InetSocketAddress(to, 0)).sync().channel();
    }

    @Test
    void aStreamComesBackUnchanged() throws Exception {
        final byte[] payload = new byte[STREAM_BYTES];
        new Random(7).nextBytes(payload);
        try (Loops servers = Loops.ofAccel(1); Loops clients = Loops.ofAccel(1)) {
            final Channel server = bind(servers, Network.SERVER, serverCodec());
            final Channel client = bind(clients, Network.CLIENT, clientCodec());
            final QuicChannel connection = QuicChannel.newBootstrap(client).streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(server.localAddress()).connect().get(20, TimeUnit.SECONDS);
            final Gatherer answer = new Gatherer();
            final QuicStreamChannel stream = connection.createStream(QuicStreamType.BIDIRECTIONAL, answer).sync().getNow();
            stream.writeAndFlush(Unpooled.wrappedBuffer(payload)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            assertThat(answer.whole.get(40, TimeUnit.SECONDS)).isEqualTo(payload);
            connection.close().sync();
            Paths.settle(client);
            final ChannelPath path = client.attr(ChannelPath.KEY).get();
            final long datagrams = STREAM_BYTES / 1_500;
            assertThat(Network.KERNEL_ONLY ? path.kernelReceived() : path.fastReceived()).isGreaterThan(datagrams);
            assertThat(Network.KERNEL_ONLY ? path.kernelSent() : path.fastSent()).isGreaterThan(datagrams);
        }
    }
}
