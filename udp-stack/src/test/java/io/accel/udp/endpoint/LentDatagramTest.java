package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader that waits with an empty queue is lent the frame itself; whatever it does with it, nothing is lost, leaked or overtaken. */
class LentDatagramTest {
    private static final int PORT = 7000;
    private static final int BYTES = 64;
    private static final BoundAddress ANY = new BoundAddress(IpAddress.ANY_IPV6, true, true);
    private static final int PAYLOAD = Ipv4HeaderTemplate.BYTES;

    private final Ipv4HeaderTemplate headers = new Ipv4HeaderTemplate(0x02_00_00_00_00_02L, 0x02_00_00_00_00_01L, 0x0A000002, 9,
        0x0A000001, PORT, 64, 0);
    private final Flusher flusher = new Flusher();
    private final Pair pair = Pair.ethernet();
    private final Pair otherPair = Pair.ethernet();
    private final EthernetInterface on = new EthernetInterface("test0", 1, 1500, pair.first(), flusher, everybody());
    private final EthernetInterface other = new EthernetInterface("test1", 2, 1500, otherPair.first(), flusher, everybody());
    private final UdpEndpoint endpoint = new UdpEndpoint(ANY, PORT, 200_000, null, null);

    private static SourceVerdicts everybody() {
        return new SourceVerdicts((source, destination) -> true, new Generation(), 1);
    }

    @BeforeEach
    void attach() {
        on.add(endpoint);
    }

    @AfterEach
    void close() {
        on.remove(endpoint);
        other.remove(endpoint);
        endpoint.close();
        on.close();
        other.close();
        flusher.close();
        pair.close();
        otherPair.close();
    }

    private void send(Pair over, int number) {
        final VirtualInterface far = over.second();
        final long frame = far.txClaim(0, PAYLOAD + BYTES);
        Memory.fill(frame + PAYLOAD, BYTES, (byte) 0);
        Memory.putInt(frame + PAYLOAD, number);
        final int length = headers.write(frame, BYTES, number, true);
        far.txInit(frame, length, TxFlags.NONE);
        far.txPush(false);
    }

    private int number() {
        return endpoint.region().buffer().getInt(endpoint.offset());
    }

    private void assertNext(int number) {
        assertThat(endpoint.next()).isTrue();
        assertThat(number()).isEqualTo(number);
        assertThat(endpoint.length()).isEqualTo(BYTES);
        assertThat(endpoint.sourceHigh()).isZero();
        assertThat(endpoint.sourceLow()).isEqualTo(IpAddress.mapped(0x0A000002));
        assertThat(endpoint.sourceScopedPort()).isEqualTo(9);
    }

    @Test
    void theFirstOfABurstIsReadWhereItArrivedAndTheRestFollowInOrder() {
        for (int i = 0; i < 3; i++) {
            send(pair, i);
        }
        assertNext(0);
        assertThat(pair.first().memory()).contains(endpoint.region());
        assertThat(on.poll()).as("events for another poller meanwhile").isZero();
        endpoint.consume();
        for (int i = 1; i < 3; i++) {
            assertNext(i);
            endpoint.consume();
        }
        assertThat(endpoint.next()).isFalse();
        assertThat(endpoint.counters().fastReceived).isEqualTo(3);
    }

    @Test
    void whatTheReaderCannotTakeIsFoundAgain() {
        send(pair, 1);
        assertNext(1);
        endpoint.keep();
        assertThat(endpoint.hasPending()).isTrue();
        send(pair, 2);
        assertNext(1);
        endpoint.keep();
        assertNext(1);
        endpoint.consume();
        assertNext(2);
        endpoint.consume();
        assertThat(endpoint.counters().fastReceived).isEqualTo(2);
    }

    @Test
    void everyFrameComesBack() {
        for (int i = 0; i < 10_000; i++) {
            send(pair, i);
            assertNext(i);
            if (i % 3 == 0) {
                endpoint.keep();
                assertNext(i);
            }
            endpoint.consume();
        }
        assertThat(endpoint.next()).isFalse();
    }

    @Test
    void aFloodAtOneInterfaceDoesNotStarveAnother() {
        other.add(endpoint);
        send(otherPair, 1_000_000);
        boolean served = false;
        for (int i = 0; i < 3 && !served; i++) {
            send(pair, i);
            assertThat(endpoint.next()).isTrue();
            served = number() == 1_000_000;
            endpoint.consume();
        }
        assertThat(served).isTrue();
    }

    @Test
    void aDatagramForAnotherEndpointIsNotLent() {
        final UdpEndpoint neighbour = new UdpEndpoint(ANY, PORT + 1, 20_000, null, null);
        on.add(neighbour);
        try {
            send(pair, 5);
            assertThat(neighbour.next()).isFalse();
            assertNext(5);
            endpoint.consume();
        } finally {
            on.remove(neighbour);
            neighbour.close();
        }
    }
}
