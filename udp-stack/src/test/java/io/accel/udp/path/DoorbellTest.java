package io.accel.udp.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who says that more follows gets one doorbell for all; who does not, one for each datagram. */
class DoorbellTest {
    private final Pair pair = new Pair(PairOptions.ETHERNET.withModerated(true));
    private final Flusher flusher = new Flusher();
    private final Counting vi = new Counting();
    private final EthernetInterface sender = new EthernetInterface("va", 7, 1500, vi, flusher,
        new SourceVerdicts((source, destination) -> true, new Generation(), 4));
    private final Path path = Path.ethernet(new Generation(), 0, sender,
        new Ipv4HeaderTemplate(0x020000000001L, 0x020000000002L, 0x0A4D0001, 5000, 0x0A4D0002, 9000, 64, 0), true, 1472);
    private final EventBatch batch = new EventBatch(64);

    private final class Counting extends ForwardingVirtualInterface {
        private int doorbells;

        Counting() {
            super(pair.first());
        }

        @Override
        public int txPush(boolean more) {
            doorbells += more ? 0 : 1;
            return super.txPush(more);
        }

        @Override
        public void txFlush() {
            doorbells++;
            super.txFlush();
        }
    }

    @AfterEach
    void close() {
        sender.close();
        pair.second().close();
        flusher.close();
        batch.close();
    }

    private void send(boolean more) {
        assertThat(sender.send(path, ByteBuffer.allocate(10), more)).isTrue();
    }

    private int arrived() {
        final int n = pair.second().poll(batch, 64);
        pair.second().release(batch);
        return n;
    }

    @Test
    void aFlushRingsOnceForAllThatWaits() {
        for (int i = 0; i < 5; i++) {
            send(true);
        }
        assertThat(arrived()).isZero();
        sender.flush();
        assertThat(arrived()).isEqualTo(5);
        assertThat(vi.doorbells).isEqualTo(1);
    }

    @Test
    void theLastOneRingsForThoseBefore() {
        send(true);
        send(true);
        send(false);
        assertThat(arrived()).isEqualTo(3);
        assertThat(vi.doorbells).isEqualTo(1);
    }

    @Test
    void aLoneDatagramDoesNotWait() {
        send(false);
        assertThat(arrived()).isEqualTo(1);
        send(false);
        assertThat(arrived()).isEqualTo(1);
        assertThat(vi.doorbells).isEqualTo(2);
    }
}
