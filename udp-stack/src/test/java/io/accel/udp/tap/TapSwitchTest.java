package io.accel.udp.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.DropCause;
import io.accel.core.capture.CaptureReader;
import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CapturedPacket;
import io.accel.core.counters.CaptureFiles;
import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.core.pair.Pair;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.FrameError;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture is on while a tool holds the lock, and tells of each frame what became of it. */
class TapSwitchTest {
    private static final int PORT = 9000;
    private static final int LOCAL = 0x0A4D0002;
    private static final int SOURCE = 0x0A4D0001;
    private static final int REFUSED = 0x0A4D0009;

    @TempDir
    private Path directory;
    private final Pair pair = Pair.ethernet();
    private final Flusher flusher = new Flusher();
    private final EthernetInterface receiver = new EthernetInterface("va", 7, 1500, pair.second(), flusher,
        new SourceVerdicts((source, destination) -> source.ipv4() != REFUSED, new Generation(), 4));
    private final UdpEndpoint endpoint = new UdpEndpoint(BoundAddress.ipv4(IpAddress.ipv4(LOCAL)), PORT, 100, null, null);
    private final CapturedPacket packet = new CapturedPacket();
    private CaptureFiles files;
    private TapSwitch taps;

    @BeforeEach
    void open() throws IOException {
        files = new CaptureFiles(Files.createFile(directory.resolve("counters")).toString(), directory.resolve("ring").toString());
        taps = new TapSwitch(files);
        receiver.add(endpoint);
    }

    @AfterEach
    void close() {
        taps.off();
        receiver.close();
        pair.first().close();
        flusher.close();
    }

    private void send(int source, int port, int cut) {
        final VirtualInterface vi = pair.first();
        final long frame = vi.txClaim(0, 64);
        Memory.putInt(frame + Ipv4HeaderTemplate.BYTES, 1);
        final int bytes = new Ipv4HeaderTemplate(0x020000000001L, 0x020000000002L, source, 5000, LOCAL, port, 1, 0)
            .write(frame, Integer.BYTES, 1, true);
        vi.txInit(frame, bytes - cut, TxFlags.NONE);
        vi.txPush(false);
        receiver.poll();
    }

    private void assertNext(CaptureReader reader, int verdict, boolean ofChannel) throws IOException {
        assertThat(reader.next(packet)).isTrue();
        assertThat(Verdict.word(packet.verdict()) + " " + Verdict.cause(packet.verdict()))
            .isEqualTo(Verdict.word(verdict) + " " + Verdict.cause(verdict));
        assertThat(packet.direction()).isEqualTo(CaptureRecord.INBOUND);
        assertThat(packet.channelLow()).isEqualTo(ofChannel ? IpAddress.mapped(LOCAL) : 0);
        assertThat(packet.channelPort()).isEqualTo(ofChannel ? PORT : 0);
        assertThat(reader.lane(packet.lane()).name()).isEqualTo("va");
    }

    @Test
    void eachFrameHasItsVerdict() throws IOException {
        final int lock = Posix.lockFile(files.request());
        assertThat(lock).isNotNegative();
        taps.tick();
        assertThat(FrameTap.current()).isNotNull();
        try (CaptureReader reader = CaptureReader.open(files.ring(), Verdict.FINGERPRINT).orElseThrow()) {
            assertThat(reader.isRunning()).isTrue();
            send(SOURCE, PORT, 0);
            assertNext(reader, Verdict.DELIVERED, true);
            send(SOURCE, PORT + 1, 0);
            assertNext(reader, Verdict.of(DropCause.UNMATCHED), false);
            send(REFUSED, PORT, 0);
            assertNext(reader, Verdict.of(DropCause.REFUSED_SOURCE), false);
            send(SOURCE, PORT, 2);
            assertNext(reader, Verdict.badFrame(FrameError.TRUNCATED.ordinal()), false);
            for (int i = 0; i < 20; i++) {
                send(SOURCE, PORT, 0);
            }
            while (reader.next(packet) && packet.verdict() == Verdict.DELIVERED) {
                continue;
            }
            assertThat(packet.verdict()).isEqualTo(Verdict.of(DropCause.QUEUE_FULL));
            assertThat(packet.channelPort()).isEqualTo(PORT);
            Posix.close(lock);
            taps.tick();
            assertThat(FrameTap.current()).as("after the tool's end").isNull();
            assertThat(reader.isRunning()).isFalse();
        }
    }

    @Test
    void nobodyAsksAndNothingIsMade() {
        taps.tick();
        assertThat(FrameTap.current()).isNull();
        assertThat(Path.of(files.ring())).doesNotExist();
    }

    @Test
    void everyCauseHasANumberOfItsOwn() {
        for (final DropCause each : DropCause.values()) {
            assertThat(Verdict.cause(Verdict.of(each))).isEqualTo(each.name());
        }
        for (int i = 1; i < FrameError.count(); i++) {
            assertThat(Verdict.cause(Verdict.badFrame(i))).isEqualTo(FrameError.of(i).name());
        }
        assertThat(Verdict.cause(Verdict.of(DropCause.UNMATCHED) | 0xFF)).as("of a number that means nothing").isEqualTo("UNKNOWN");
    }
}
