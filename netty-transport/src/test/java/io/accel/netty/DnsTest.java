package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Netty's DNS resolver as it is, on channels of this transport, with a server on another. */
@Tag("wire")
class DnsTest {
    private static final int NAMES = 300;
    /** Queries in flight: the kernel's receive buffer in its default size holds some 270 small datagrams. */
    private static final int WAVE = 100;

    @BeforeEach
    void needANetwork() {
        assumeTrue(Network.refusal() == null, Network::refusal);
    }

    private static byte[] address(int number) {
        return new byte[] {10, 1, (byte) (number >> 8), (byte) number};
    }

    /** Knows host-N.test. */
    private static final class Zone extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            final DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            final int number = Integer.parseInt(question.name().replaceAll("host-(\\d+)\\.test\\.", "$1"));
            final DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            response.addRecord(DnsSection.QUESTION, question);
            response.addRecord(DnsSection.ANSWER,
                new DefaultDnsRawRecord(question.name(), DnsRecordType.A, 60, Unpooled.wrappedBuffer(address(number))));
            context.writeAndFlush(response);
        }
    }

    @Test
    void everyNameIsResolvedToItsAddress() throws Exception {
        try (Loops servers = Loops.ofAccel(1); Loops clients = Loops.ofAccel(1)) {
            final Channel server = servers.bind(Network.SERVER, new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Zone());
                }
            });
            try (DnsNameResolver resolver = new DnsNameResolverBuilder(clients.group().next())
                .datagramChannelType(AccelDatagramChannel.class).localAddress(new InetSocketAddress(Network.CLIENT, 0))
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY).queryTimeoutMillis(TimeUnit.SECONDS.toMillis(20))
                .nameServerProvider(new SingletonDnsServerAddressStreamProvider((InetSocketAddress) server.localAddress())).build()) {
                for (int first = 0; first < NAMES; first += WAVE) {
                    final List<Future<InetAddress>> answers = new ArrayList<>();
                    for (int i = 0; i < WAVE; i++) {
                        answers.add(resolver.resolve("host-" + (first + i) + ".test"));
                    }
                    for (int i = 0; i < WAVE; i++) {
                        assertThat(answers.get(i).sync().getNow().getAddress()).isEqualTo(address(first + i));
                    }
                }
            }
            Paths.settle(server);
            final ChannelPath path = server.attr(ChannelPath.KEY).get();
            assertThat(path.fastReceived()).isEqualTo(Network.KERNEL_ONLY ? 0 : NAMES);
            assertThat(path.fastSent()).isEqualTo(Network.KERNEL_ONLY ? 0 : NAMES);
        }
    }
}
