package io.accel.udp.ethernet;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A frame that is longer than a packet buffer comes in several events, and is one datagram. */
class LongFrameTest {
    private static final int BUFFER = 2048;
    private static final int LONGEST = 8000;
    private static final int PORT = 9000;
    private static final int LOCAL = 0x0A4D0002;
    private static final int REMOTE = 0x0A4D0001;

    private final Pair pair = new Pair(PairOptions.ETHERNET.withMtu(9000).withFrameBytes(BUFFER));
    private final Flusher flusher = new Flusher();
    private final EthernetInterface receiver = new EthernetInterface("va", 7, 1500, pair.second(), flusher,
        new SourceVerdicts((source, destination) -> true, new Generation(), 4));
    private final UdpEndpoint endpoint = new UdpEndpoint(BoundAddress.ipv4(IpAddress.ipv4(LOCAL)), PORT, 1 << 20, null, null);
    private final long frame = Memory.allocateAligned(LONGEST + 64, Long.BYTES);

    @AfterEach
    void close() {
        receiver.close();
        pair.first().close();
        flusher.close();
        Memory.freeAligned(frame);
    }

    /** A datagram of {@code bytes}, each of them {@code value}, in as many parts as it takes. */
    private void send(int bytes, int value) {
        Memory.fill(frame + Ipv4HeaderTemplate.BYTES, bytes, (byte) value);
        final int length = new Ipv4HeaderTemplate(0x020000000001L, 0x020000000002L, REMOTE, 5000, LOCAL, PORT, 64, 0)
            .write(frame, bytes, 1, true);
        final VirtualInterface vi = pair.first();
        for (int at = 0; at < length; at += BUFFER) {
            final int part = Math.min(BUFFER, length - at);
            final long claim = vi.txClaim(0, part);
            Memory.copy(frame + at, claim, part);
            vi.txInit(claim, part, at + part < length ? TxFlags.CONT : TxFlags.NONE);
        }
        vi.txPush(false);
    }

    private void assertHeard(int bytes, int value) {
        assertThat(endpoint.next()).isTrue();
        assertThat(endpoint.length()).isEqualTo(bytes);
        for (int i = 0; i < bytes; i++) {
            assertThat(endpoint.region().buffer().get(endpoint.offset() + i)).isEqualTo((byte) value);
        }
        endpoint.consume();
    }

    @Test
    void partsAreJoinedAmongShortFrames() {
        receiver.add(endpoint);
        final int[] sizes = {100, 5000, 100, 3000, LONGEST, 2020};
        for (int i = 0; i < sizes.length; i++) {
            send(sizes[i], i + 1);
        }
        receiver.poll();
        for (int i = 0; i < sizes.length; i++) {
            assertHeard(sizes[i], i + 1);
        }
        assertThat(endpoint.next()).isFalse();
        assertThat(receiver.counters().drops()).isEmpty();
    }

    private static final int FIRST = EventBatch.FLAG_SOP | EventBatch.FLAG_CONT;
    private static final int MIDDLE = EventBatch.FLAG_CONT;
    private static final int LAST = 0;

    private final InterfaceCounters counters = new InterfaceCounters();
    private final FrameAssembly assembly = new FrameAssembly(counters);

    private void assertLost(int bytes, int... flags) {
        for (final int part : flags) {
            assertThat(assembly.add(frame, bytes, part)).isFalse();
        }
    }

    private void assertNextIsWhole(long incomplete) {
        assertThat(assembly.add(frame, 100, FIRST)).isFalse();
        assertThat(assembly.add(frame, 50, LAST)).isTrue();
        assertThat(assembly.length()).isEqualTo(150);
        assertThat(counters.incomplete).isEqualTo(incomplete);
    }

    @Test
    void whatFollowsADiscardedPartIsNoFrame() {
        assertLost(100, FIRST);
        assembly.abandon();
        assertLost(100, MIDDLE, LAST);
        assertNextIsWhole(0);
    }

    @Test
    void aFrameWithoutItsFirstPartIsCountedOnce() {
        assertLost(100, MIDDLE, MIDDLE, LAST);
        assertNextIsWhole(1);
    }

    @Test
    void aFrameWithoutItsLastPartIsCountedOnce() {
        assertLost(100, FIRST, MIDDLE);
        assertNextIsWhole(1);
    }

    @Test
    void aFrameLongerThanOneCanBeIsCountedOnce() {
        assertLost(LONGEST, FIRST);
        for (int i = 0; i < 20; i++) {
            assertLost(LONGEST, MIDDLE);
        }
        assertLost(1, LAST);
        assertNextIsWhole(1);
    }
}
