package io.accel.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.nio.AccelSelectorProvider;
import io.accel.udp.state.SocketState;
import io.accel.udp.state.StackView;
import io.accel.udp.state.Totals;
import io.accel.udp.state.VirtualInterfaceState;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccelMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** Told anew with every look, so that what is read together can be told from what is not. */
    private static final class MadeUp implements StackView {
        private int looks;

        @Override
        public List<SocketState> sockets() {
            return List.of(socket(true), socket(true), socket(false));
        }

        private static SocketState socket(boolean accelerated) {
            return new SocketState("10.0.0.1:9", null, accelerated, accelerated ? null : "DISABLED", 0, 0, 0, 0, Map.of(),
                Map.of(), 0, 0, 0, 0, List.of(), List.of());
        }

        @Override
        public List<VirtualInterfaceState> interfaces() {
            return List.of(
                new VirtualInterfaceState("lo", "shm", true, "shared memory", 0, true, null, Map.of(), 0, 0, 0, Map.of(), null, Map.of()),
                new VirtualInterfaceState("eth1", "afxdp", false, null, 0, true, "NO_PRIVILEGE", Map.of(), 0, 0, 0, Map.of(), null,
                    Map.of()));
        }

        @Override
        public Totals totals() {
            looks++;
            return new Totals(100L * looks, 20, 3, 4, Map.of("FIREWALL", 7L),
                Map.of(Totals.SOCKETS, Map.of("QUEUE_FULL", 5L), "eth1", Map.of("QUEUE_FULL", 1L, "BAD_UDP_CHECKSUM", 2L)));
        }

        @Override
        public List<String> report() {
            return List.of();
        }
    }

    private double datagrams(String path, String direction) {
        return registry.get("accel.datagrams").tags("path", path, "direction", direction).functionCounter().count();
    }

    private double drops(String cause) {
        return registry.get("accel.drops").tag("cause", cause).functionCounter().count();
    }

    @Test
    void everyFigureIsAMeterAndThoseOfAScrapeAreTakenTogether() {
        final long[] now = {0};
        final MadeUp stack = new MadeUp();
        new AccelMetrics(Tags.of("application", "quotes"), new Figures(() -> stack, () -> now[0])).bindTo(registry);
        assertThat(datagrams("fast", "in")).isEqualTo(100);
        assertThat(datagrams("fast", "out")).isEqualTo(20);
        assertThat(datagrams("kernel", "in")).isEqualTo(3);
        assertThat(datagrams("kernel", "out")).isEqualTo(4);
        assertThat(registry.get("accel.kernel.datagrams").tag("reason", "FIREWALL").functionCounter().count()).isEqualTo(7);
        assertThat(registry.get("accel.kernel.datagrams").functionCounters()).hasSize(Reason.values().length);
        assertThat(drops("QUEUE_FULL")).as("of channels and interfaces").isEqualTo(6);
        assertThat(registry.get("accel.channels").tag("path", "fast").gauge().value()).isEqualTo(2);
        assertThat(registry.get("accel.channels").tag("path", "kernel").gauge().value()).isEqualTo(1);
        assertThat(registry.get("accel.interfaces").tag("state", "open").gauge().value()).isEqualTo(1);
        assertThat(registry.get("accel.interfaces").tag("state", "failed").gauge().value()).isEqualTo(1);
        assertThat(registry.getMeters()).allMatch(meter -> "quotes".equals(meter.getId().getTag("application")));
        assertThat(stack.looks).isEqualTo(1);
        now[0] = 1_000_000_000;
        assertThat(datagrams("fast", "in")).isEqualTo(200);
    }

    @Test
    void withoutAStackAllIsZero() {
        new AccelMetrics(Tags.empty(), new Figures(() -> null, () -> 0)).bindTo(registry);
        assertThat(datagrams("fast", "in")).isZero();
        assertThat(drops("QUEUE_FULL")).isZero();
    }

    @Test
    void theMetersLiveAsLongAsTheRegistryAndFollowTheChannels() throws IOException, InterruptedException {
        new AccelMetrics().bindTo(registry);
        System.gc();
        final double before = datagrams("fast", "out") + datagrams("kernel", "out");
        assertThat(before).isNotNaN();
        try (DatagramChannel channel = new AccelSelectorProvider().openDatagramChannel()) {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int i = 0; i < 3; i++) {
                channel.send(ByteBuffer.allocate(8), channel.getLocalAddress());
            }
            final long start = System.nanoTime();
            while (datagrams("fast", "out") + datagrams("kernel", "out") < before + 3 && System.nanoTime() - start < 10_000_000_000L) {
                Thread.sleep(20);
            }
            assertThat(datagrams("fast", "out") + datagrams("kernel", "out")).isGreaterThanOrEqualTo(before + 3);
        }
    }
}
