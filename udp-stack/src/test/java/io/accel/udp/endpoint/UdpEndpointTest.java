package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue that interfaces fill, while its bound changes. */
class UdpEndpointTest {
    private final long payload = Memory.allocateAligned(2048, 64);
    private final Pair pair = Pair.ethernet();
    private final Flusher flusher = new Flusher();
    private final EthernetInterface on = new EthernetInterface("test0", 1, 1500, pair.first(), flusher, null);
    private final UdpEndpoint endpoint = new UdpEndpoint(new BoundAddress(IpAddress.ANY_IPV6, true, true), 7000, 20_000, null, null);
    private int sent;
    private int received;

    @BeforeEach
    void attach() {
        on.add(endpoint);
    }

    @AfterEach
    void close() {
        on.remove(endpoint);
        endpoint.close();
        on.close();
        flusher.close();
        pair.close();
        Memory.freeAligned(payload);
    }

    private void deliver(int count) {
        for (int i = 0; i < count; i++) {
            Memory.putInt(payload, sent++);
            endpoint.deliver(payload, 1000, 0, IpAddress.mapped(0x0A000001), 9, null);
        }
    }

    private void receive(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(endpoint.hasPending()).isTrue();
            assertThat(endpoint.next()).isTrue();
            assertThat(endpoint.region().buffer().getInt(endpoint.offset())).isEqualTo(received++);
            endpoint.consume();
        }
    }

    @Test
    void whatWaitsIsToldInBytesAndGoesWithWhatIsRead() {
        assertThat(endpoint.queuedBytes()).isZero();
        deliver(3);
        final long three = endpoint.queuedBytes();
        assertThat(three).isBetween(3000L, 3200L);
        receive(1);
        assertThat(endpoint.queuedBytes()).isEqualTo(three * 2 / 3);
        receive(2);
        assertThat(endpoint.queuedBytes()).isZero();
        deliver(1);
        endpoint.close();
        assertThat(endpoint.queuedBytes()).isZero();
    }

    @Test
    void whatWaitsSurvivesEveryChangeInItsOrder() {
        deliver(10);
        endpoint.receiveBytes(200_000);
        deliver(100);
        receive(5);
        endpoint.receiveBytes(2_000_000);
        deliver(1000);
        endpoint.receiveBytes(5_000_000);
        deliver(1000);
        receive(2105);
        assertThat(endpoint.next()).isFalse();
        assertThat(endpoint.hasPending()).isFalse();
        assertThat(endpoint.counters().queueFull).isZero();
        endpoint.receiveBytes(10_000);
        deliver(100);
        assertThat(endpoint.counters().queueFull).isBetween(89L, 91L);
    }
}
