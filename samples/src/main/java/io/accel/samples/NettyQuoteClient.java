package io.accel.samples;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Asks a {@link NettyQuoteServer} for quotes, one after the other, and prints the last one. */
public final class NettyQuoteClient {
    private static final long PATIENCE_SECONDS = 20;

    private NettyQuoteClient() {
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("NettyQuoteClient", arguments(), args, NettyQuoteClient::run);
    }

    static Arguments arguments() {
        return new Arguments("NettyQuoteClient", "Asks for quotes, on Netty.")
            .option("bind", "127.0.0.1:0", "the local address")
            .option("to", "127.0.0.1:7686", "the server's address")
            .option("count", "1", "how many quotes")
            .option("transport", "accel", "nio or accel");
    }

    private static int run(Arguments arguments) throws IOException, InterruptedException {
        final Bootstrap bootstrap = arguments.choice("transport", NettyTransport.class).bootstrap();
        final Questions questions = new Questions(arguments.address("to"), arguments.integer("count", 1, 1_000_000));
        final boolean answered;
        try {
            final Channel channel = bootstrap.handler(questions).bind(arguments.address("bind")).sync().channel();
            answered = channel.closeFuture().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            bootstrap.config().group().shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
        System.out.println("NettyQuoteClient: " + questions.answers + " quotes, the last: " + questions.last);
        return answered ? 0 : 1;
    }

    private static final class Questions extends SimpleChannelInboundHandler<DatagramPacket> {
        private final InetSocketAddress server;
        private final int count;
        private int answers;
        private String last = "none";

        Questions(InetSocketAddress server, int count) {
            this.server = server;
            this.count = count;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            say(context, NettyQuoteServer.QUESTION);
        }

        private void say(ChannelHandlerContext context, String text) {
            context.writeAndFlush(new DatagramPacket(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), server));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            final String text = packet.content().toString(StandardCharsets.UTF_8);
            if (packet.sender().equals(server) && text.startsWith(NettyQuoteServer.ANSWER)) {
                last = text.substring(NettyQuoteServer.ANSWER.length());
                answers++;
                if (answers < count) {
                    say(context, NettyQuoteServer.QUESTION);
                } else {
                    say(context, NettyQuoteServer.BYE);
                    context.close();
                }
            }
        }
    }
}
