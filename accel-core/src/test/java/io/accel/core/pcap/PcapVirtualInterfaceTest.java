package io.accel.core.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapVirtualInterfaceTest {
    /** UDP 10.9.8.1:40001 to 10.9.8.2:5353, "first flight!", as Linux sent it. */
    private static final byte[] FRAME = HexFormat.of().parseHex("02000000000b02000000000a080045000029555840004011c1570a0908010a090802"
        + "9c4114e90015843f666972737420666c6967687421");
    private static final long TIME = 1_700_000_000_123_456_789L;

    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void capture() throws Exception {
        file = directory.resolve("capture.pcap");
        try (Pair pair = new Pair(PairOptions.ETHERNET.withMtu(9000)); PcapWriter writer = new PcapWriter(file);
             EventBatch batch = new EventBatch(8)) {
            final VirtualInterface vi = new PcapVirtualInterface(pair.first(), writer, () -> TIME);
            put(vi, 0, FRAME.length, TxFlags.NONE);
            vi.txPush(false);
            put(vi, 0, FRAME.length, TxFlags.NONE);
            vi.txUndo();
            put(vi, 0, 20, TxFlags.CONT);
            put(vi, 20, FRAME.length - 20, TxFlags.NONE);
            vi.txPush(false);
            put(pair.second(), 0, 30, TxFlags.CONT);
            put(pair.second(), 30, FRAME.length - 30, TxFlags.NONE);
            pair.second().txPush(false);
            assertThat(vi.poll(batch, 1)).isEqualTo(1);
            vi.release(batch);
            assertThat(vi.poll(batch, 8)).isEqualTo(1);
            vi.release(batch);
        }
    }

    private static void put(VirtualInterface vi, int from, int length, int flags) {
        final long at = vi.txClaim(0, length);
        for (int i = 0; i < length; i++) {
            Memory.putByte(at + i, FRAME[from + i]);
        }
        vi.txInit(at, length, flags);
    }

    @Test
    void fileHoldsEveryFrameOnceAndWhole() throws Exception {
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt()).isEqualTo(0xA1B23C4D);
        assertThat(bytes.getShort()).isEqualTo((short) 2);
        assertThat(bytes.getShort()).isEqualTo((short) 4);
        bytes.position(20);
        assertThat(bytes.getInt()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(bytes.getInt()).isEqualTo(1_700_000_000);
            assertThat(bytes.getInt()).isEqualTo(123_456_789);
            assertThat(bytes.getInt()).isEqualTo(FRAME.length);
            assertThat(bytes.getInt()).isEqualTo(FRAME.length);
            final byte[] frame = new byte[FRAME.length];
            bytes.get(frame);
            assertThat(frame).isEqualTo(FRAME);
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void tsharkReadsIt() throws Exception {
        final Path tshark = Path.of("/usr/bin/tshark");
        Assumptions.assumeTrue(Files.isExecutable(tshark), "needs tshark");
        final Process process = new ProcessBuilder(tshark.toString(), "-r", file.toString(), "-o", "udp.check_checksum:TRUE", "-o",
            "ip.check_checksum:TRUE", "-T", "fields", "-e", "frame.time_epoch", "-e", "ip.dst", "-e", "udp.checksum.status", "-e",
            "ip.checksum.status").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(text).isEqualTo("1700000000.123456789\t10.9.8.2\t1\t1\n".repeat(3));
    }

    @Test
    void messagesAreRefused() throws Exception {
        try (Pair pair = Pair.message(); PcapWriter writer = new PcapWriter(directory.resolve("none.pcap"))) {
            assertThatThrownBy(() -> new PcapVirtualInterface(pair.first(), writer, () -> TIME))
                .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void fullDiskIsToldWhenTheFileIsMade() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "needs /dev/full");
        assertThatThrownBy(() -> new PcapWriter(Path.of("/dev/full"))).hasMessageContaining("space");
    }
}
