package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.memory.Memory;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound messages in shared memory whose headers lie. */
class HostileMessagesTest {
    private static final int OURS = 0x0A000001;
    private static final int PORT = 5000;

    @TempDir
    private Path directory;
    private ShmDomain domain;
    private ShmVirtualInterface sender;
    private UdpEndpoint endpoint;
    private int peer;

    @BeforeEach
    void open() throws Exception {
        domain = ShmDomain.open(Configuration.of(Map.of(Options.SHM_DIRECTORY.property(), directory.toString()), Map.of()));
        sender = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        final ShmVirtualInterface receiver = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        domain.publish(receiver, "r");
        peer = domain.lookup("r");
        endpoint = new UdpEndpoint(0, 7000, 4096, receiver, new SourceVerdicts((source, ignored) -> source == OURS, new Generation(), 4));
    }

    @AfterEach
    void close() {
        endpoint.close();
        domain.close();
    }

    private void send(long first, long second, long third, int bytes) {
        final long frame = sender.txClaim(peer, bytes);
        assertThat(frame).isNotEqualTo(VirtualInterface.NONE);
        if (bytes >= MessageHeader.BYTES) {
            Memory.putLong(frame, first);
            Memory.putLong(frame + Long.BYTES, second);
            Memory.putLong(frame + 2 * Long.BYTES, third);
        }
        sender.txInit(frame, bytes, TxFlags.NONE);
        sender.txPush(false);
    }

    private static long header(int family, int port) {
        return family | (long) port << 16;
    }

    private void good() {
        send(header(4, PORT), OURS, 0, MessageHeader.BYTES + 10);
    }

    private boolean receive() {
        if (!endpoint.next()) {
            return false;
        }
        assertThat(endpoint.source()).isEqualTo(OURS);
        assertThat(endpoint.sourcePort()).isNotZero();
        assertThat(endpoint.offset() + endpoint.length()).isLessThanOrEqualTo(endpoint.region().buffer().capacity());
        endpoint.consume();
        return true;
    }

    @Test
    void whatIsNoDatagramIsMalformed() {
        for (final int bytes : new int[] {0, 1, 8, MessageHeader.BYTES - 1}) {
            send(header(4, PORT), OURS, 0, bytes);
        }
        for (final int family : new int[] {0, 5, 46, 255}) {
            send(header(family, PORT), OURS, 0, 100);
        }
        send(header(4, PORT) | 1L << 8, OURS, 0, 100);
        send(header(4, PORT) | 1L << 40, OURS, 0, 100);
        send(header(4, PORT), OURS | 1L << 32, 0, 100);
        send(header(4, PORT), OURS, 1, 100);
        good();
        assertThat(receive()).isTrue();
        assertThat(receive()).isFalse();
        assertThat(endpoint.counters().malformed).isEqualTo(12);
        assertThat(endpoint.counters().spoofed).isZero();
    }

    @Test
    void sourcesThatNoSocketHereCanHaveAreSpoofed() {
        for (final int source : new int[] {0, -1, 0xE0000001, OURS + 1, 0x08080808}) {
            send(header(4, PORT), source & 0xFFFF_FFFFL, 0, 100);
        }
        send(header(4, 0), OURS, 0, 100);
        good();
        assertThat(receive()).isTrue();
        assertThat(receive()).isFalse();
        assertThat(endpoint.counters().spoofed).isEqualTo(6);
        assertThat(endpoint.counters().malformed).isZero();
    }

    @Test
    void randomHeadersAreDeliveredOrCounted() {
        final Random random = new Random(3);
        long delivered = 0;
        for (int i = 0; i < 5_000; i++) {
            send(random.nextBoolean() ? header(4, random.nextInt(1 << 16)) : random.nextLong(),
                random.nextBoolean() ? OURS : random.nextInt(), random.nextInt(4) == 0 ? random.nextLong() : 0, random.nextInt(200));
            delivered += receive() ? 1 : 0;
        }
        final ChannelCounters counters = endpoint.counters();
        assertThat(delivered).isGreaterThan(500).isEqualTo(counters.fastReceived);
        assertThat(delivered + counters.malformed + counters.spoofed).isEqualTo(5_000);
    }
}
