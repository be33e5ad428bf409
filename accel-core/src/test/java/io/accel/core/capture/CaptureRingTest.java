package io.accel.core.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import io.accel.core.vi.Medium;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureRingTest {
    private static final int CAUSES = 7;
    private static final int CAPACITY = 16 << 10;
    private static final int MAX_PACKET = 2000;

    @TempDir
    private Path directory;
    private final MemoryRegion packet = MemoryRegion.allocate(0, MAX_PACKET);
    private final CapturedPacket taken = new CapturedPacket();
    private String file;
    private CaptureRing ring;
    private int lane;
    private CaptureWriter writer;

    @BeforeEach
    void make() throws ErrnoException {
        file = directory.resolve("ring").toString();
        ring = CaptureRing.create(file, CAUSES, CAPACITY);
        lane = ring.lane(Medium.ETHERNET, "eth0", "test");
        writer = ring.writer(lane);
    }

    private CaptureReader reader() throws IOException {
        final CaptureReader reader = CaptureReader.open(file, CAUSES).orElseThrow();
        assertThat(reader.isRunning()).isTrue();
        return reader;
    }

    /** @return false: missed */
    private boolean put(CaptureWriter into, int number, int bytes, long from) {
        if (into.misses()) {
            return false;
        }
        final int captured = into.snap(bytes);
        final long position = into.claim(captured);
        if (position == CaptureRing.NONE) {
            return false;
        }
        final long record = into.record(position);
        CaptureRecord.channel(record, 1, 2, 3);
        CaptureRecord.source(record, 4, 5, 6);
        CaptureRecord.destination(record, 7, 8, 9);
        into.publish(position, captured, CaptureRecord.OUTBOUND, number, 1_000_000_000L + number, from, bytes);
        return true;
    }

    @Test
    void whatIsPutInComesOutInOrderRoundAndRound() throws IOException {
        ring.start();
        final Random random = new Random(1);
        try (CaptureReader reader = reader()) {
            assertThat(reader.lane(lane)).isEqualTo(new CaptureReader.Lane(lane, Medium.ETHERNET, "eth0", "test"));
            assertThat(reader.lane(lane + 1)).isNull();
            assertThat(reader.next(taken)).isFalse();
            int out = 0;
            for (int in = 0; in < 5_000;) {
                for (int burst = random.nextInt(6); burst > 0; burst--, in++) {
                    packet.buffer().putInt(0, in);
                    assertThat(put(writer, in, 4 + in % (MAX_PACKET - 4), packet.address())).isTrue();
                }
                while (reader.next(taken)) {
                    assertThat(taken.verdict()).isEqualTo(out);
                    assertThat(taken.stamp()).isEqualTo(1_000_000_000L + out);
                    assertThat(taken.captured()).isEqualTo(taken.original()).isEqualTo(4 + out % (MAX_PACKET - 4));
                    assertThat(Memory.getInt(taken.data())).isEqualTo(out);
                    assertThat(taken.direction()).isEqualTo(CaptureRecord.OUTBOUND);
                    assertThat(new long[] {taken.channelHigh(), taken.channelLow(), taken.channelPort(), taken.sourceHigh(),
                        taken.sourceLow(), taken.sourcePort(), taken.destinationHigh(), taken.destinationLow(), taken.destinationPort()})
                        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
                    out++;
                }
                assertThat(out).isEqualTo(in);
            }
            assertThat(reader.missed(lane)).isZero();
        }
    }

    @Test
    void whatFindsNoRoomIsCountedAndReadingMakesRoom() throws IOException {
        ring.start();
        try (CaptureReader reader = reader()) {
            int in = 0;
            while (put(writer, in, 100, packet.address())) {
                in++;
            }
            assertThat(in).isEqualTo(CAPACITY / 208);
            assertThat(put(writer, in, 100, packet.address())).isFalse();
            assertThat(reader.missed(lane)).isEqualTo(2);
            assertThat(reader.next(taken)).isTrue();
            assertThat(reader.next(taken)).isTrue();
            assertThat(put(writer, in, 100, packet.address())).as("two are no good part of it").isFalse();
            for (int i = 2; i < CAPACITY / 208 / 8 + 1; i++) {
                assertThat(reader.next(taken)).isTrue();
            }
            assertThat(put(writer, in, 100, packet.address())).isTrue();
            assertThat(put(writer, in, MAX_PACKET + 100, packet.address())).as("too much for what is free").isFalse();
            assertThat(put(writer, in, 100, packet.address())).as("a small one after it").isTrue();
            assertThat(reader.missed(lane)).isEqualTo(4);
            while (reader.next(taken)) {
                continue;
            }
            assertThat(put(writer, in, MAX_PACKET, packet.address())).as("all of it is free").isTrue();
        }
    }

    /** What is left then would hold a small one: packets of several lengths would look for it until the reader moves. */
    @Test
    void aRestThatIsAThousandthOfTheRingCountsAsNone() throws IOException, ErrnoException {
        final CaptureRing large = CaptureRing.create(directory.resolve("large").toString(), CAUSES, 1 << 20);
        final CaptureWriter into = large.writer(large.lane(Medium.ETHERNET, "eth0", "test"));
        large.start();
        int in = 0;
        while (put(into, in, 1000, packet.address())) {
            in++;
        }
        assertThat((1 << 20) - in * 1104).as("room that is left").isBetween(104, 1024);
        assertThat(into.isFull()).isTrue();
    }

    /** Each with cells of its own, and with one that is in common. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void severalThreadsLoseNothingUncounted(boolean inCommon) throws Exception {
        ring.start();
        final int threads = 4;
        final int each = 200_000;
        final Thread[] writers = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            final int first = t * each;
            writers[t] = new Thread(() -> {
                CaptureWriter mine = inCommon ? ring.sharedWriter(lane) : ring.writer(lane);
                for (int i = 0; i < each; i++) {
                    put(mine, first + i, 40 + i % 200, packet.address());
                    if (i % 10_000 == 0) {
                        // Who comes next counts on in the same cell.
                        mine.close();
                        mine = inCommon ? ring.sharedWriter(lane) : ring.writer(lane);
                    }
                }
            });
        }
        try (CaptureReader reader = reader()) {
            for (final Thread writer : writers) {
                writer.start();
            }
            final int[] last = new int[threads];
            long out = 0;
            boolean writing = true;
            while (writing) {
                writing = false;
                for (final Thread writer : writers) {
                    writing |= writer.isAlive();
                }
                while (reader.next(taken)) {
                    final int writer = taken.verdict() / each;
                    assertThat(taken.verdict()).as("order of one thread").isGreaterThanOrEqualTo(last[writer]);
                    last[writer] = taken.verdict();
                    out++;
                }
            }
            assertThat(out + reader.missed(lane)).isEqualTo((long) threads * each);
            assertThat(out).isPositive();
            assertThat(reader.missed(lane)).isPositive();
        }
    }

    @Test
    void moreWritersThanThereAreCellsCountInCommon() throws IOException {
        ring.start();
        final List<CaptureWriter> writers = new ArrayList<>();
        try (CaptureReader reader = reader()) {
            for (int i = 0; i < 2 * CaptureDescriptor.CELLS; i++) {
                writers.add(ring.writer(lane));
                writers.get(i).miss(1 + i);
            }
            final long misses = (long) writers.size() * (writers.size() + 1) / 2;
            assertThat(reader.missed(lane)).isEqualTo(misses);
            writers.forEach(CaptureWriter::close);
            ring.writer(lane).miss(1);
            assertThat(reader.missed(lane)).as("with a cell that was another's").isEqualTo(misses + 1);
            final int other = ring.lane(Medium.ETHERNET, "eth1", "test");
            ring.writer(other).miss(5);
            assertThat(reader.missed(other)).isEqualTo(5);
            assertThat(reader.missed(lane)).isEqualTo(misses + 1);
        }
    }

    /** A tool was killed: the next one of the same capture reads again what the other had taken and not told of. */
    @Test
    void theNextReaderGoesOn() throws IOException {
        ring.start();
        try (CaptureReader killed = reader()) {
            for (int i = 0; i < 10; i++) {
                assertThat(put(writer, i, 100, packet.address())).isTrue();
            }
            assertThat(killed.next(taken)).isTrue();
        }
        try (CaptureReader reader = reader()) {
            for (int i = 0; i < 10; i++) {
                assertThat(reader.next(taken)).isTrue();
                assertThat(taken.verdict()).isEqualTo(i);
            }
            assertThat(reader.next(taken)).isFalse();
        }
    }

    /** A sender chooses what lies in the ring where the next record begins: it is none for that. */
    @Test
    void aPacketIsNoRecord() throws IOException {
        ring.start();
        try (CaptureReader reader = reader()) {
            for (int lap = 0; lap < 100; lap++) {
                final int bytes = 1_000 + Long.BYTES * lap;
                final long position = writer.claim(bytes);
                assertThat(position).isNotEqualTo(CaptureRing.NONE);
                final long payload = CaptureRecord.packet(writer.record(position));
                for (int i = 0; i < bytes; i += Long.BYTES) {
                    // All that a sender can know.
                    final long nextTime = position + CaptureRecord.HEADER_BYTES + i + CAPACITY;
                    Memory.putLong(payload + i, CaptureRecord.word(nextTime, CaptureRecord.secret(0), CaptureRecord.HEADER_BYTES));
                }
                writer.publish(position, bytes, CaptureRecord.INBOUND, lap, 1, bytes);
                assertThat(reader.next(taken)).isTrue();
                assertThat(taken.verdict()).isEqualTo(lap);
                assertThat(reader.next(taken)).isFalse();
            }
        }
    }

    @Test
    void onlySoMuchOfAPacketIsTakenAsTheReaderWants() throws IOException {
        ring.start();
        try (CaptureReader reader = reader()) {
            reader.snap(10);
            put(writer, 1, 100, packet.address());
            assertThat(reader.next(taken)).isTrue();
            assertThat(taken.captured()).isEqualTo(10);
            assertThat(taken.original()).isEqualTo(100);
            reader.snap(Integer.MIN_VALUE);
            assertThat(writer.snap(100)).isZero();
            reader.snap(Integer.MAX_VALUE);
            assertThat(writer.snap(Integer.MAX_VALUE)).isEqualTo(CaptureRing.MAX_SNAP);
        }
    }

    @Test
    void anotherCaptureBeginsAfresh() throws IOException {
        ring.start();
        try (CaptureReader first = reader()) {
            while (put(writer, 1, 100, packet.address())) {
                continue;
            }
            assertThat(first.missed(lane)).isEqualTo(1);
            ring.stop();
            assertThat(first.isRunning()).isFalse();
            assertThat(ring.start()).isZero();
            assertThat(first.isRunning()).isTrue();
            assertThat(first.missed(lane)).isZero();
            assertThat(first.next(taken)).as("nothing of before").isFalse();
            put(writer, 2, 100, packet.address());
            assertThat(first.next(taken)).isTrue();
            assertThat(taken.verdict()).isEqualTo(2);
        }
    }

    @Test
    void ofAnotherVersionItIsNotRead() {
        ring.start();
        assertThatThrownBy(() -> CaptureReader.open(file, CAUSES + 1)).isInstanceOf(IOException.class).hasMessageContaining("version");
    }

    @Test
    void aRingThatIsScribbledOnHurtsNeitherSide() throws Exception {
        ring.start();
        final long result = Memory.allocateAligned(2 * Long.BYTES, Long.BYTES);
        assertThat(Posix.mapFile(file, 0, Posix.EXISTING, result)).isZero();
        final long whole = Memory.getLong(result);
        final Random random = new Random(2);
        final long[] heads = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1, 3, CAPACITY, -CAPACITY};
        final long secret = Memory.getLong(whole + CaptureDescriptor.SECRET_OFFSET);
        int damaged = 0;
        for (int round = 0; round < 3_000; round++) {
            try (CaptureReader reader = reader()) {
                for (int i = 0; i < 8; i++) {
                    Memory.putInt(whole + CaptureDescriptor.HEADER_BYTES + 4L * random.nextInt(CAPACITY / 4), random.nextInt());
                }
                Memory.putLong(whole + CaptureDescriptor.HEAD_OFFSET,
                    random.nextBoolean() ? heads[random.nextInt(heads.length)] : random.nextLong());
                Memory.putInt(whole + CaptureDescriptor.SNAP_OFFSET, random.nextInt());
                // As one writes who knows the secret.
                final long head = Memory.getLong(whole + CaptureDescriptor.HEAD_OFFSET);
                Memory.putLong(whole + CaptureDescriptor.HEADER_BYTES + (head & CAPACITY - 8),
                    CaptureRecord.word(head, secret, random.nextInt(1 << 17)));
                for (int i = 0; i < 20; i++) {
                    put(writer, i, random.nextInt(MAX_PACKET), packet.address());
                }
                reader.isRunning();
                for (int i = 0; i < 50 && reader.next(taken); i++) {
                    assertThat(taken.captured()).isBetween(0, CaptureRing.MAX_SNAP);
                }
            } catch (final IOException e) {
                damaged++;
            }
        }
        assertThat(damaged).isPositive();
        Posix.unmap(whole, Memory.getLong(result + Long.BYTES));
        Memory.freeAligned(result);
        ring.stop();
        ring.start();
        try (CaptureReader reader = reader()) {
            assertThat(put(writer, 5, 100, packet.address())).isTrue();
            assertThat(reader.next(taken)).isTrue();
            assertThat(taken.verdict()).isEqualTo(5);
        }
    }
}
