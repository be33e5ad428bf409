package io.accel.tools.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.tools.ToolException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerTest {
    @ParameterizedTest
    @CsvSource({"10.0.0.2, 10.0.0.2, 9107", "10.0.0.2:5, 10.0.0.2, 5", "[fd00::2]:5, fd00::2, 5", "fd00::2, fd00::2, 9107"})
    void isAHostWithAPortOrWithout(String text, String host, int port) throws IOException {
        assertThat(Peer.parse(text)).isEqualTo(new InetSocketAddress(host, port));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.2:five", "10.0.0.2:70000", "[fd00::2]:"})
    void whatIsNoneIsTold(String text) {
        assertThatThrownBy(() -> Peer.parse(text)).isInstanceOf(ToolException.class).hasMessageContaining(text);
    }

    @Test
    void theWayToItMustBeginAtTheInterface() throws IOException {
        final InetAddress loopback = InetAddress.getByName("127.0.0.1");
        assertThat(Peer.of("127.0.0.1", List.of(loopback), "lo").source()).isEqualTo(loopback);
        assertThatThrownBy(() -> Peer.of("127.0.0.1", List.of(), "eth9")).isInstanceOf(ToolException.class)
            .hasMessageContaining("no address of eth9");
    }
}
