package io.accel.udp.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.capture.CaptureReader;
import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CapturedPacket;
import io.accel.core.counters.CaptureFiles;
import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.ChecksumStatus;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.tap.TapSwitch;
import io.accel.udp.tap.Verdict;
import io.accel.udp.wire.HeaderTemplate;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import io.accel.udp.wire.Ipv6HeaderTemplate;
import io.accel.udp.wire.Udp6Frame;
import io.accel.udp.wire.UdpFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A frame that leaves in several parts is one packet of a capture, as whole as the cable has it. */
class LongFrameTapTest {
    private static final int BUFFER = 2048;
    private static final int MTU = 9000;
    private static final int SOURCE = 0x0A4D0001;
    private static final long HIGH = 0xFD00_0077_0000_0000L;

    @TempDir
    private java.nio.file.Path directory;
    private final Pair pair = new Pair(PairOptions.ETHERNET.withMtu(MTU).withFrameBytes(BUFFER));
    private final Flusher flusher = new Flusher();
    private final EthernetInterface sender = new EthernetInterface("va", 7, MTU, pair.first(), flusher,
        new SourceVerdicts((source, destination) -> true, new Generation(), 4));
    private final CapturedPacket packet = new CapturedPacket();
    private TapSwitch taps;
    private int lock;

    @BeforeEach
    void ask() throws IOException {
        final CaptureFiles files = new CaptureFiles(Files.createFile(directory.resolve("counters")).toString(), ring());
        lock = Posix.lockFile(files.request());
        assertThat(lock).isNotNegative();
        taps = new TapSwitch(files);
        taps.tick();
    }

    private String ring() {
        return directory.resolve("ring").toString();
    }

    @AfterEach
    void close() {
        taps.off();
        Posix.close(lock);
        sender.close();
        pair.second().close();
        flusher.close();
    }

    private byte[] send(HeaderTemplate template, int bytes) {
        final byte[] payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);
        final Path path = Path.ethernet(new Generation(), 0, sender, template, true, MTU - 28);
        assertThat(sender.send(path, ByteBuffer.wrap(payload), false)).isTrue();
        return payload;
    }

    private void assertShown(CaptureReader reader, int headers, byte[] payload, int captured) throws IOException {
        assertThat(reader.next(packet)).isTrue();
        assertThat(packet.verdict()).isEqualTo(Verdict.SENT);
        assertThat(packet.direction()).isEqualTo(CaptureRecord.OUTBOUND);
        assertThat(packet.channelPort()).isEqualTo(5000);
        assertThat(packet.original()).isEqualTo(headers + payload.length);
        assertThat(packet.captured()).isEqualTo(captured);
        for (int i = 0; i < captured - headers; i++) {
            assertThat(Memory.getByte(packet.data() + headers + i)).as("byte %d of the payload", i).isEqualTo(payload[i]);
        }
        assertThat(reader.next(packet)).as("another of the same").isFalse();
    }

    @Test
    void itIsShownOnceAndWhole() throws IOException {
        final HeaderTemplate ipv4 = new Ipv4HeaderTemplate(1, 2, SOURCE, 5000, SOURCE + 1, 9000, 64, 0);
        final HeaderTemplate ipv6 = new Ipv6HeaderTemplate(1, 2, HIGH, 1, 5000, HIGH, 2, 9000, 64, 0, 0);
        try (CaptureReader reader = CaptureReader.open(ring(), Verdict.FINGERPRINT).orElseThrow()) {
            assertThat(reader.isRunning()).isTrue();
            for (final int bytes : new int[] {100, BUFFER - 42, BUFFER - 41, 2 * BUFFER, MTU - 48}) {
                assertShown(reader, ipv4.bytes(), send(ipv4, bytes), ipv4.bytes() + bytes);
                assertThat(UdpFrame.check(packet.data(), packet.captured(), ChecksumStatus.UNKNOWN)).isZero();
                assertThat(packet.channelLow()).isEqualTo(IpAddress.mapped(SOURCE));
                assertShown(reader, ipv6.bytes(), send(ipv6, bytes), ipv6.bytes() + bytes);
                assertThat(Udp6Frame.check(packet.data(), packet.captured(), ChecksumStatus.UNKNOWN)).isZero();
                assertThat(packet.channelHigh()).isEqualTo(HIGH);
            }
        }
    }

    @Test
    void itIsCutWhereTheToolWants() throws IOException {
        final HeaderTemplate ipv4 = new Ipv4HeaderTemplate(1, 2, SOURCE, 5000, SOURCE + 1, 9000, 64, 0);
        try (CaptureReader reader = CaptureReader.open(ring(), Verdict.FINGERPRINT).orElseThrow()) {
            assertThat(reader.isRunning()).isTrue();
            for (final int snap : new int[] {64, BUFFER, BUFFER + 1, 3 * BUFFER - 1}) {
                reader.snap(snap);
                assertShown(reader, ipv4.bytes(), send(ipv4, MTU - 28), snap);
            }
        }
    }
}
