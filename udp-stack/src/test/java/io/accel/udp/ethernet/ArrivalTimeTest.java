package io.accel.udp.ethernet;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A NIC's timestamp stays with its datagram, whichever way that goes, and no other has it. */
class ArrivalTimeTest {
    private static final int BUFFER = 2048;
    private static final int PORT = 9000;
    private static final int LOCAL = 0x0A4D0002;
    private static final int REMOTE = 0x0A4D0001;
    private static final long FIRST = 1_790_000_000_000_000_000L;
    private static final int STATE = EventBatch.CLOCK_PRESENT | EventBatch.CLOCK_SET;

    /** Stamps each event with the next nanosecond, but every fourth frame, as one that the NIC could not stamp. */
    private static final class Stamping extends ForwardingVirtualInterface {
        private int events;

        Stamping(VirtualInterface vi) {
            super(vi);
        }

        @Override
        public ViCapabilities capabilities() {
            final ViCapabilities c = vi.capabilities();
            return new ViCapabilities(c.datapath(), c.name(), c.mode(), c.medium(), c.mtu(), c.contiguousTxBytes(), c.txChecksums(),
                c.filterModes(), true, c.maxRetained(), c.wakeFd());
        }

        @Override
        public int poll(EventBatch batch, int limit) {
            final int n = vi.poll(batch, limit);
            for (int i = 0; i < n; i++, events++) {
                Memory.putLong(batch.recordAddress(i) + EventBatch.TIMESTAMP_OFFSET, FIRST + events);
                Memory.putByte(batch.recordAddress(i) + EventBatch.CLOCK_OFFSET, (byte) (events % 4 == 3 ? 0 : STATE));
            }
            return n;
        }
    }

    private final Pair pair = new Pair(PairOptions.ETHERNET.withMtu(9000).withFrameBytes(BUFFER));
    private final Flusher flusher = new Flusher();
    private final EthernetInterface receiver = interfaceOver(new Stamping(pair.second()));
    private final UdpEndpoint endpoint = new UdpEndpoint(BoundAddress.ipv4(IpAddress.ipv4(LOCAL)), PORT, 1 << 20, null, null);
    private final long frame = Memory.allocateAligned(BUFFER * 4, Long.BYTES);

    private EthernetInterface interfaceOver(VirtualInterface vi) {
        return new EthernetInterface("va", 7, 1500, vi, flusher, new SourceVerdicts((source, destination) -> true, new Generation(), 4));
    }

    @AfterEach
    void close() {
        receiver.close();
        pair.first().close();
        flusher.close();
        Memory.freeAligned(frame);
    }

    private void send(int bytes) {
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

    private void assertNextCameAt(int event) {
        assertThat(endpoint.next()).isTrue();
        if (event % 4 == 3) {
            assertThat(endpoint.arrival().isPresent()).as("event %d", event).isFalse();
        } else {
            assertThat(endpoint.arrival().nanos()).isEqualTo(FIRST + event);
            assertThat(endpoint.arrival().clock()).isEqualTo(STATE);
        }
    }

    @Test
    void itIsThatOfADatagramThatIsLentAndOfThoseQueuedBehindIt() {
        receiver.add(endpoint);
        for (int i = 0; i < 9; i++) {
            send(i * 7);
        }
        for (int i = 0; i < 9; i++) {
            assertNextCameAt(i);
            assertThat(endpoint.length()).isEqualTo(i * 7);
            endpoint.consume();
        }
    }

    @Test
    void aReaderThatCouldNotTakeItFindsItAgainWithItsTime() {
        receiver.add(endpoint);
        for (int i = 0; i < 4; i++) {
            send(10);
            assertNextCameAt(i);
            endpoint.keep();
            assertNextCameAt(i);
            endpoint.consume();
        }
    }

    @Test
    void aLongFrameHasThatOfItsFirstPart() {
        receiver.add(endpoint);
        send(5000);
        send(100);
        send(100);
        assertNextCameAt(0);
        assertThat(endpoint.length()).isEqualTo(5000);
        endpoint.consume();
        assertNextCameAt(3);
        endpoint.consume();
        assertNextCameAt(4);
        endpoint.consume();
    }

    @Test
    void whereTheNicHasNoneWhatIsInTheRecordDoesNotCount() {
        final Pair other = new Pair(PairOptions.ETHERNET);
        final VirtualInterface unstamped = new ForwardingVirtualInterface(new Stamping(other.second())) {
            @Override
            public ViCapabilities capabilities() {
                return other.second().capabilities();
            }
        };
        try (EthernetInterface on = interfaceOver(unstamped)) {
            on.add(endpoint);
            final long claim = other.first().txClaim(0, 200);
            final int length = new Ipv4HeaderTemplate(0x020000000001L, 0x020000000002L, REMOTE, 5000, LOCAL, PORT, 64, 0)
                .write(claim, 100, 1, true);
            other.first().txInit(claim, length, TxFlags.NONE);
            other.first().txPush(false);
            assertThat(endpoint.next()).isTrue();
            assertThat(endpoint.arrival().isPresent()).isFalse();
            endpoint.consume();
        } finally {
            other.first().close();
        }
    }
}
