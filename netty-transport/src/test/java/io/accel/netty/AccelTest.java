package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AccelTest {
    @Test
    void isAvailableHere() {
        assertThat(Accel.unavailabilityCause()).isNull();
        assertThat(Accel.isAvailable()).isTrue();
        Accel.ensureAvailability();
    }

    @Test
    void aLoopOfAnotherTransportRefusesTheChannel() throws InterruptedException {
        final MultiThreadIoEventLoopGroup others = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        final AccelDatagramChannel channel = new AccelDatagramChannel();
        try {
            assertThatThrownBy(() -> others.register(channel).sync()).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("incompatible event loop type");
            assertThat(channel.isRegistered()).isFalse();
        } finally {
            channel.unsafe().closeForcibly();
            others.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void aLoopOfOursRefusesChannelsOfOtherTransports() {
        try (Loops ours = Loops.ofAccel(1)) {
            final NioDatagramChannel channel = new NioDatagramChannel();
            try {
                assertThatThrownBy(() -> ours.group().register(channel).sync()).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("incompatible event loop type");
                assertThat(channel.isRegistered()).isFalse();
            } finally {
                channel.unsafe().closeForcibly();
            }
        }
    }

    @Test
    void aNegativeTimeToSpinIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> AccelIoHandler.newFactory(-1)).withMessageContaining("spinMicros");
    }
}
