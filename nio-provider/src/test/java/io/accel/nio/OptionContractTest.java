package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Socket options: the shadow's, whatever the path. */
class OptionContractTest extends Contract {
    private static final SocketOption<Integer> UNKNOWN = new SocketOption<>() {
        @Override
        public String name() {
            return "UNKNOWN";
        }

        @Override
        public Class<Integer> type() {
            return Integer.class;
        }
    };

    @Test
    void theSetIsTheJdksOpenOrClosed() throws Exception {
        final DatagramChannel channel = open();
        final Set<SocketOption<?>> options = channel.supportedOptions();
        assertThat(options).isEqualTo(closing(Pairing.jdk().openDatagramChannel()).supportedOptions());
        assertThatThrownBy(options::clear).isInstanceOf(UnsupportedOperationException.class);
        channel.close();
        assertThat(channel.supportedOptions()).isEqualTo(options);
    }

    @Test
    void defaults() throws Exception {
        final DatagramChannel channel = open();
        assertThat(channel.getOption(StandardSocketOptions.SO_BROADCAST)).isFalse();
        assertThat(channel.getOption(StandardSocketOptions.SO_REUSEADDR)).isFalse();
        assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(1);
        assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isTrue();
        assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isNull();
    }

    @Test
    void valuesAreKept() throws Exception {
        final DatagramChannel channel = open();
        assertThat(channel.setOption(StandardSocketOptions.SO_BROADCAST, true)).isSameAs(channel);
        assertThat(channel.getOption(StandardSocketOptions.SO_BROADCAST)).isTrue();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 32_768);
        assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(32_768);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, Integer.MAX_VALUE);
        assertThat(channel.getOption(StandardSocketOptions.SO_SNDBUF)).as("capped").isPositive();
        channel.setOption(StandardSocketOptions.IP_TOS, 0xB8);
        assertThat(channel.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0xB8);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 7);
        assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(7);
    }

    @Test
    void valuesSurviveConnectAndDisconnect() throws Exception {
        final DatagramChannel channel = bound();
        channel.setOption(StandardSocketOptions.IP_TOS, 0x10).setOption(StandardSocketOptions.SO_RCVBUF, 40_000);
        final int buffer = channel.getOption(StandardSocketOptions.SO_RCVBUF);
        channel.connect(addressOf(boundPeer())).disconnect();
        assertThat(channel.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x10);
        assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(buffer);
    }

    @Test
    void whatIsRefused() throws Exception {
        final DatagramChannel channel = open();
        assertRefusals(channel);
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, -1)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("Invalid");
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_SNDBUF, -1)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("Invalid");
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 256))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_TOS, 256)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClosedChannelRefusesInTheSameOrder() throws Exception {
        final DatagramChannel channel = open().bind(new InetSocketAddress(NEAR, 0));
        channel.close();
        assertRefusals(channel);
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_BROADCAST, true)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.SO_BROADCAST)).isInstanceOf(ClosedChannelException.class);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void assertRefusals(DatagramChannel channel) {
        assertThatThrownBy(() -> channel.setOption(null, 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.getOption(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.setOption(UNKNOWN, 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> channel.getOption(UNKNOWN)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> channel.setOption((SocketOption) StandardSocketOptions.SO_BROADCAST, "yes"))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
