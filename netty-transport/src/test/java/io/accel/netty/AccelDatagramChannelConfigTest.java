package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options: first on Netty's own transport, which proves the test, then on ours. */
class AccelDatagramChannelConfigTest {
    private Loops loops;

    @AfterEach
    void close() {
        loops.close();
    }

    private DatagramChannel open(Transport transport) throws InterruptedException {
        loops = transport.open(1);
        return (DatagramChannel) loops.bootstrap(SocketProtocolFamily.INET, new Inbox())
            .bind(new InetSocketAddress(Network.CLIENT, 0)).sync().channel();
    }

    private static <T> void assertTakes(Channel channel, ChannelOption<T> option, T value) {
        assertThat(channel.config().setOption(option, value)).as(option.name()).isTrue();
        assertThat(channel.config().getOption(option)).as(option.name()).isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource
    void optionsOfDatagramChannelsAreTheKernels(Transport transport) throws InterruptedException {
        final DatagramChannel channel = open(transport);
        assertTakes(channel, ChannelOption.SO_BROADCAST, true);
        assertTakes(channel, ChannelOption.SO_REUSEADDR, true);
        assertTakes(channel, ChannelOption.IP_TOS, 0x10);
        assertTakes(channel, ChannelOption.IP_MULTICAST_TTL, 5);
        assertTakes(channel, ChannelOption.IP_MULTICAST_LOOP_DISABLED, true);
        assertTakes(channel, ChannelOption.IP_MULTICAST_IF, Network.interfaceOf(Network.CLIENT));
        assertThat(channel.config().setOption(ChannelOption.SO_RCVBUF, 30_000)).isTrue();
        assertThat(channel.config().getOption(ChannelOption.SO_RCVBUF)).isGreaterThanOrEqualTo(30_000);
        assertThat(channel.config().setOption(ChannelOption.SO_SNDBUF, 30_000)).isTrue();
        assertThat(channel.config().getOption(ChannelOption.SO_SNDBUF)).isGreaterThanOrEqualTo(30_000);
    }

    @ParameterizedTest
    @EnumSource
    void optionsOfTheJdkAreReachedAsOnNio(Transport transport) throws InterruptedException {
        final DatagramChannel channel = open(transport);
        assertTakes(channel, NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        assertThat(channel.config().setOption(NioChannelOption.of(StandardSocketOptions.TCP_NODELAY), true)).isFalse();
        assertThatThrownBy(() -> channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), null))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_SNDBUF), -1))
            .isInstanceOf(IllegalArgumentException.class);
        channel.close().sync();
        assertThatThrownBy(() -> channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true))
            .isInstanceOf(ChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void anOptionThatIsNotOneOfDatagramChannelsIsWarnedOfByName(Transport transport) throws InterruptedException {
        final List<String> said = new ArrayList<>();
        final Handler listener = new Handler() {
            @Override
            public void publish(LogRecord said1) {
                said.add(said1.getMessage());
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
        final Logger logger = Logger.getLogger("io.netty.bootstrap.Bootstrap");
        logger.addHandler(listener);
        try {
            loops = transport.open(1);
            loops.bootstrap(SocketProtocolFamily.INET, new Inbox()).option(ChannelOption.TCP_NODELAY, true)
                .bind(new InetSocketAddress(Network.CLIENT, 0)).sync();
        } finally {
            logger.removeHandler(listener);
        }
        assertThat(said).anySatisfy(line -> assertThat(line).contains("TCP_NODELAY"));
    }

    @Test
    void optionsOfTheJdkHaveAFormOfOurs() throws InterruptedException {
        final DatagramChannel channel = open(Transport.ACCEL);
        assertTakes(channel, AccelChannelOption.SO_REUSEPORT, true);
        assertTakes(channel, AccelChannelOption.of(StandardSocketOptions.IP_TOS), 0x20);
        assertThat(channel.config().getTrafficClass()).isEqualTo(0x20);
        assertThat(channel.config().setOption(AccelChannelOption.of(StandardSocketOptions.SO_KEEPALIVE), true)).isFalse();
        assertThat(channel.config().getOption(AccelChannelOption.of(StandardSocketOptions.SO_KEEPALIVE))).isNull();
        assertThat(channel.config().getOptions().keySet()).extracting(ChannelOption::name)
            .contains("SO_REUSEPORT", "SO_BROADCAST", "ALLOCATOR");
    }
}
