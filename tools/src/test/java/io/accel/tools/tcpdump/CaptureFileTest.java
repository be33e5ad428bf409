package io.accel.tools.tcpdump;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.capture.CaptureReader;
import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureRing;
import io.accel.core.capture.CaptureWriter;
import io.accel.core.capture.CapturedPacket;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.ErrnoException;
import io.accel.core.vi.Medium;
import io.accel.udp.address.IpAddress;
import io.accel.udp.tap.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures block by block, as draft-ietf-opsawg-pcapng has them; that tshark reads them is the integration tests' business. */
class CaptureFileTest {
    private static final long STAMP = 1_795_276_973_997_906_611L;
    private static final int PAYLOAD = 33;
    private static final int ALL = LinkType.SNAP;

    @TempDir
    private Path directory;

    /** A block. @param options by their codes, the first of each */
    private record Block(int type, ByteBuffer body, Map<Integer, byte[]> options) {
        String text(int code) {
            return new String(options.get(code), StandardCharsets.UTF_8);
        }
    }

    /** Puts one packet into a ring and what comes out of it into a file. */
    private List<Block> capture(Medium medium, long source, long destination, int verdict, int snap) throws IOException, ErrnoException {
        final String file = directory.resolve("ring").toString();
        final CaptureRing ring = CaptureRing.create(file, Verdict.FINGERPRINT);
        final CaptureWriter writer = ring.writer(ring.lane(medium, "eth7\033", "afxdp, \u009bgeneric"));
        ring.start();
        final MemoryRegion bytes = MemoryRegion.allocate(0, PAYLOAD);
        for (int i = 0; i < PAYLOAD; i++) {
            bytes.buffer().put(i, (byte) (i * 37));
        }
        final long position = writer.claim(PAYLOAD);
        final long record = writer.record(position);
        CaptureRecord.channel(record, 0, destination, 5000);
        CaptureRecord.source(record, source == 1 ? 0xfd00L << 48 : 0, source, 4000);
        CaptureRecord.destination(record, 0, destination, 5000);
        writer.publish(position, PAYLOAD, CaptureRecord.INBOUND, verdict, STAMP, bytes.address(), PAYLOAD);
        final Path made = directory.resolve("capture");
        final CapturedPacket taken = new CapturedPacket();
        try (CaptureReader reader = CaptureReader.open(file, Verdict.FINGERPRINT).orElseThrow();
            CaptureFile capture = new CaptureFile(FileChannel.open(made, StandardOpenOption.CREATE, StandardOpenOption.WRITE), snap)) {
            assertThat(reader.isRunning()).isTrue();
            assertThat(reader.next(taken)).isTrue();
            final CapturedInterface from = new CapturedInterface(4711, reader.lane(taken.lane()));
            from.missed(3);
            final Packet packet = new Packet(snap);
            packet.set(from.link(), taken);
            capture.write(from, taken, packet);
            capture.writeStatistics(List.of(from));
        }
        return blocks(ByteBuffer.wrap(Files.readAllBytes(made)).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static List<Block> blocks(ByteBuffer file) {
        final Map<Integer, Integer> fixed = Map.of(0x0A0D0D0A, 16, 1, 8, 6, 20, 5, 12);
        final List<Block> blocks = new ArrayList<>();
        while (file.hasRemaining()) {
            final int start = file.position();
            final int length = file.getInt(start + 4);
            assertThat(length % 4).isZero();
            assertThat(file.getInt(start + length - 4)).as("the length at the end").isEqualTo(length);
            final int type = file.getInt(start);
            final ByteBuffer body = file.slice(start + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN);
            int at = fixed.get(type) + (type == 6 ? body.getInt(12) + 3 & -4 : 0);
            final Map<Integer, byte[]> options = new HashMap<>();
            for (; body.getShort(at) != 0; at += 4 + (body.getShort(at + 2) + 3 & -4)) {
                final byte[] value = new byte[body.getShort(at + 2)];
                body.get(at + 4, value);
                options.put((int) body.getShort(at), value);
            }
            assertThat(at + 4).as("the options' end").isEqualTo(body.capacity());
            blocks.add(new Block(type, body, options));
            file.position(start + length);
        }
        return blocks;
    }

    private static int sum(ByteBuffer bytes, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i++) {
            sum += (i - from) % 2 == 0 ? (bytes.get(i) & 0xFF) << 8 : bytes.get(i) & 0xFF;
        }
        return (sum & 0xFFFF) + (sum >>> 16);
    }

    @Test
    void aFrameIsThereAsItWas() throws IOException, ErrnoException {
        final List<Block> blocks = capture(Medium.ETHERNET, 0, IpAddress.mapped(0x0A000001), Verdict.badFrame(5), ALL);
        assertThat(blocks).extracting(Block::type).containsExactly(0x0A0D0D0A, 1, 6, 5);
        final Block described = blocks.get(1);
        assertThat(described.body().getShort(0)).as("LINKTYPE_ETHERNET").isEqualTo((short) 1);
        assertThat(described.text(2)).as("without what commands a terminal").isEqualTo("eth7?");
        assertThat(described.text(3)).isEqualTo("process 4711: afxdp, ?generic");
        assertThat(described.options().get(9)).as("nanoseconds").containsExactly(9);
        final Block packet = blocks.get(2);
        assertThat((long) packet.body().getInt(4) << 32 | packet.body().getInt(8) & 0xFFFFFFFFL).isEqualTo(STAMP);
        assertThat(packet.body().getInt(12)).isEqualTo(packet.body().getInt(16)).isEqualTo(PAYLOAD);
        assertThat(packet.body().get(20 + 2)).isEqualTo((byte) (2 * 37));
        assertThat(packet.options().get(2)).as("inbound").containsExactly(1, 0, 0, 0);
        assertThat(packet.text(1)).isEqualTo("dropped: FRAGMENT, the datagram is a fragment; look at the sender; channel 10.0.0.1:5000 of"
            + " process 4711");
        final Block statistics = blocks.get(3);
        assertThat(statistics.options().get(5)).as("dropped").startsWith(3, 0);
        assertThat(statistics.options().get(4)).as("received").startsWith(3, 0);
    }

    @Test
    void aMessageHasTheHeadersThatItWouldHaveHad() throws IOException, ErrnoException {
        final List<Block> blocks = capture(Medium.MESSAGE, IpAddress.mapped(0x7F000005), IpAddress.mapped(0), Verdict.DELIVERED, ALL);
        assertThat(blocks.get(1).body().getShort(0)).as("LINKTYPE_RAW").isEqualTo((short) 101);
        final ByteBuffer ip = blocks.get(2).body().slice(20, 28 + PAYLOAD).order(ByteOrder.BIG_ENDIAN);
        assertThat(ip.get(0)).isEqualTo((byte) 0x45);
        assertThat(ip.getShort(2)).isEqualTo((short) ip.capacity());
        assertThat(ip.getInt(12)).isEqualTo(0x7F000005);
        assertThat(ip.getInt(16)).as("of a channel on the wildcard").isEqualTo(0x7F000005);
        assertThat(ip.getShort(20)).isEqualTo((short) 4000);
        assertThat(ip.getShort(22)).isEqualTo((short) 5000);
        assertThat(sum(ip, 0, 20, 0)).as("the header's checksum").isEqualTo(0xFFFF);
        assertThat(sum(ip, 20, ip.capacity(), sum(ip, 12, 20, 17 + 8 + PAYLOAD))).as("the datagram's").isEqualTo(0xFFFF);
        assertThat(blocks.get(2).text(1)).isEqualTo("delivered; channel 0.0.0.0:5000 of process 4711");
    }

    @ParameterizedTest
    @ValueSource(ints = {ALL, 50})
    void overIpv6AsWell(int snap) throws IOException, ErrnoException {
        final List<Block> blocks = capture(Medium.MESSAGE, 1, 0, Verdict.DELIVERED, snap);
        final int length = 48 + PAYLOAD;
        final int kept = Math.min(length, snap);
        assertThat(blocks.get(2).body().getInt(12)).isEqualTo(kept);
        assertThat(blocks.get(2).body().getInt(16)).isEqualTo(length);
        final ByteBuffer ip = blocks.get(2).body().slice(20, kept).order(ByteOrder.BIG_ENDIAN);
        assertThat(ip.get(0)).isEqualTo((byte) 0x60);
        assertThat(ip.getShort(4)).isEqualTo((short) (8 + PAYLOAD));
        assertThat(ip.getLong(8)).isEqualTo(ip.getLong(24)).isEqualTo(0xfd00L << 48);
        if (kept == length) {
            assertThat(sum(ip, 40, length, sum(ip, 8, 40, 17 + 8 + PAYLOAD))).isEqualTo(0xFFFF);
        }
    }
}
