package io.accel.samples;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The quote of the moment with Netty (RFC 865 in its spirit): answers each question with the next quote. */
public final class NettyQuoteServer {
    static final String QUESTION = "QOTM?";
    static final String ANSWER = "QOTM: ";
    /** Asks the server to end. */
    static final String BYE = "BYE";
    private static final String[] QUOTES = {
        "Where there is love there is life.",
        "First they ignore you, then they laugh at you, then they fight you, then you win.",
        "Be the change you want to see in the world.",
        "The weak can never forgive. Forgiveness is the attribute of the strong."
    };

    private NettyQuoteServer() {
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("NettyQuoteServer", arguments(), args, NettyQuoteServer::run);
    }

    static Arguments arguments() {
        return new Arguments("NettyQuoteServer", "Answers questions with quotes, on Netty.")
            .option("bind", "127.0.0.1:7686", "the local address")
            .option("transport", "accel", "nio or accel");
    }

    private static int run(Arguments arguments) throws IOException, InterruptedException {
        final Bootstrap bootstrap = arguments.choice("transport", NettyTransport.class).bootstrap();
        final Quotes quotes = new Quotes();
        try {
            final Channel channel = bootstrap.handler(quotes).bind(arguments.address("bind")).sync().channel();
            System.out.println("NettyQuoteServer at " + Port.text(channel.localAddress()));
            channel.closeFuture().sync();
        } finally {
            bootstrap.config().group().shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
        System.out.println("NettyQuoteServer: " + quotes.given + " quotes");
        return 0;
    }

    /** Flushes once for each burst. */
    private static final class Quotes extends SimpleChannelInboundHandler<DatagramPacket> {
        private int given;

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            final String text = packet.content().toString(StandardCharsets.UTF_8);
            if (text.equals(QUESTION)) {
                final String quote = ANSWER + QUOTES[given++ % QUOTES.length];
                context.write(new DatagramPacket(Unpooled.copiedBuffer(quote, StandardCharsets.UTF_8), packet.sender()));
            } else if (text.equals(BYE)) {
                context.close();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
