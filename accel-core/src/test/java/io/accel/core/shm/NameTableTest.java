package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.natives.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** One process's names, written by it and read by others. */
class NameTableTest {
    private static final long OWNER = 7;

    private static final class Fixture implements AutoCloseable {
        final SharedDirectory directory = new SharedDirectory();
        final String path = directory.path() + "/table";
        final NameTable table;
        final NameTableReader reader;

        Fixture() {
            try {
                table = NameTable.create(path);
                reader = NameTableReader.open(OWNER, path);
            } catch (final ErrnoException e) {
                throw new AssertionError(e);
            }
        }

        List<NameEntry> find(String name) {
            final List<NameEntry> found = new ArrayList<>();
            try {
                reader.find(name, found);
            } catch (final ErrnoException e) {
                throw new AssertionError(e);
            }
            return found;
        }

        @Override
        public void close() {
            reader.unmap();
            table.unmap();
            directory.close();
        }
    }

    private static NameEntry vi(int number) {
        return new NameEntry(OWNER, number, 1 + number % 5);
    }

    @Test
    void twentyThousandNamesAreFoundAndGone() throws Exception {
        try (Fixture f = new Fixture()) {
            final int count = 20_000;
            for (int i = 0; i < count; i++) {
                assertThat(f.table.add("4.name." + i, vi(i))).isTrue();
            }
            assertThat(f.table.add("4.name.5", vi(5))).as("again").isFalse();
            assertThat(f.table.add("4.name.5", vi(6))).as("by another").isTrue();
            assertThat(f.find("4.name.5")).containsExactlyInAnyOrder(vi(5), vi(6));
            assertThat(f.table.remove("4.name.5", vi(6))).isTrue();
            for (int i = 0; i < count; i += 2) {
                assertThat(f.table.remove("4.name." + i, vi(i))).isTrue();
                assertThat(f.table.remove("4.name." + i, vi(i))).isFalse();
            }
            for (int i = 0; i < count; i++) {
                assertThat(f.find("4.name." + i)).hasSize(i % 2);
            }
            for (int i = 0; i < count; i += 2) {
                assertThat(f.table.add("6.other." + i, vi(i))).isTrue();
            }
            for (int i = 1; i < count; i++) {
                assertThat(f.find((i % 2 == 0 ? "6.other." : "4.name.") + i)).containsExactly(vi(i));
            }
            assertThat(f.find("4.name.0")).isEmpty();
            assertThat(f.find("4.name.1x")).isEmpty();
        }
    }

    @Test
    void aReaderMissesNothingWhileOthersComeAndGo() throws Exception {
        try (Fixture f = new Fixture()) {
            final int stay = 2000;
            for (int i = 0; i < stay; i++) {
                f.table.add("stay." + i, vi(i));
            }
            final AtomicBoolean end = new AtomicBoolean();
            final Agent writer = new Agent("writer", () -> {
                final Random random = new Random(4);
                while (!end.get()) {
                    // Slots wander from chain to chain, under the reader's feet.
                    final int i = random.nextInt(60_000);
                    f.table.add("pass." + i, vi(i));
                    f.table.remove("pass." + i, vi(i));
                }
            });
            for (int i = 0; i < 200_000; i++) {
                assertThat(f.find("stay." + i % stay)).containsExactly(vi(i % stay));
            }
            end.set(true);
            writer.join();
        }
    }

    /** A thread whose failure is the test's. */
    private static final class Agent {
        private final Thread thread;
        private volatile Throwable failure;

        private interface Work {
            void run() throws Exception;
        }

        Agent(String name, Work work) {
            thread = new Thread(() -> {
                try {
                    work.run();
                } catch (final Throwable e) {
                    failure = e;
                }
            }, name);
            thread.start();
        }

        void join() throws InterruptedException {
            thread.join();
            assertThat(failure).isNull();
        }
    }

    /** Half of the stores are of what might be links, numbers, generations and lengths. */
    private static void scribble(Random random, Mapping mapping, int times) {
        for (int i = 0; i < times; i++) {
            final long at = mapping.address() + (random.nextInt((int) mapping.length()) & -4);
            Memory.putInt(at, random.nextBoolean() ? random.nextInt() : random.nextInt(600));
        }
    }

    @Property(tries = 50)
    void garbageInATableHarmsNobody(@ForAll long seed) throws Exception {
        final Random random = new Random(seed);
        try (Fixture f = new Fixture()) {
            for (int i = 0; i < 500; i++) {
                f.table.add("n." + i, vi(i));
            }
            for (int i = 0; i < 500; i += 10) {
                f.table.add("gone." + i, vi(i));
                f.table.remove("gone." + i, vi(i));
            }
            for (final String file : List.of("", "0", "1")) {
                final Mapping spoilt = Mapping.open(f.path + file);
                scribble(random, spoilt, 2000);
                spoilt.unmap();
            }
            for (int i = 0; i < 500; i++) {
                assertThat(f.find("n." + i)).as("its owner or nobody").isSubsetOf(vi(i));
                assertThat(f.find("gone." + i)).isEmpty();
                assertThat(f.table.remove("n." + i, vi(i))).isTrue();
                f.table.add("m." + i, vi(i));
            }
            assertThat(f.table.repair()).isTrue();
            assertThat(f.table.repair()).as("nothing is left to repair").isFalse();
            for (int i = 0; i < 500; i++) {
                assertThat(f.find("n." + i)).isEmpty();
                assertThat(f.find("m." + i)).containsExactly(vi(i));
            }
            final NameTableReader late = NameTableReader.open(OWNER, f.path);
            assertThat(late).as("the magic").isNotNull();
            late.unmap();
        }
    }

    @Test
    void noByteOfAnEntryMayChange() throws Exception {
        try (Fixture f = new Fixture()) {
            f.table.add("name", vi(3));
            final Mapping spoilt = Mapping.open(f.path + "0");
            for (int at = NameTableDescriptor.VI_OFFSET; at < NameTableDescriptor.NAME_OFFSET + "name".length(); at++) {
                final byte right = Memory.getByte(spoilt.address() + at);
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    Memory.putByte(spoilt.address() + at, (byte) (right ^ 1 << bit));
                    assertThat(f.find("name")).as("bit %d of byte %d", bit, at).isEmpty();
                }
                Memory.putByte(spoilt.address() + at, right);
            }
            assertThat(f.find("name")).containsExactly(vi(3));
            spoilt.unmap();
        }
    }

    @Test
    void aLinkThatSomebodySpoiltFindsNothingThatWasWithdrawn() throws Exception {
        try (Fixture f = new Fixture()) {
            f.table.add("gone", vi(3));
            f.table.remove("gone", vi(3));
            final Mapping spoilt = Mapping.open(f.path);
            Memory.putInt(spoilt.address() + NameTableDescriptor.headOffset("gone"), 1);
            assertThat(f.find("gone")).isEmpty();
            spoilt.unmap();
        }
    }

    @Test
    void aLinkToAFileThatIsNotThereEndsTheChain() throws Exception {
        try (Fixture f = new Fixture()) {
            final Mapping spoilt = Mapping.open(f.path);
            for (final int link : new int[] {1, 257, NameTableDescriptor.MAX_ENTRIES, NameTableDescriptor.MAX_ENTRIES + 1, -1}) {
                Memory.putInt(spoilt.address() + NameTableDescriptor.headOffset("a"), link);
                assertThat(f.find("a")).isEmpty();
            }
            Files.write(Path.of(f.path + "1"), new byte[100]);
            Memory.putInt(spoilt.address() + NameTableDescriptor.headOffset("a"), 257);
            assertThat(f.find("a")).isEmpty();
            spoilt.unmap();
        }
    }

    @Test
    void everyEntryHasItsPlace() {
        int entry = 0;
        for (int segment = 0; segment < NameTableDescriptor.SEGMENTS; segment++) {
            for (int i = 0; i < NameTableDescriptor.entriesOf(segment); i++, entry++) {
                assertThat(NameTableDescriptor.segment(entry)).isEqualTo(segment);
                assertThat(NameTableDescriptor.offset(entry)).isEqualTo(i * NameTableDescriptor.ENTRY_BYTES);
            }
        }
        assertThat(entry).isEqualTo(NameTableDescriptor.MAX_ENTRIES);
    }

    @Test
    void aSoundTableIsNotRepaired() throws Exception {
        try (Fixture f = new Fixture()) {
            assertThat(f.table.repair()).isFalse();
            for (int i = 0; i < 3000; i++) {
                f.table.add("n." + i, vi(i));
                assertThat(i % 100 == 0 && f.table.repair()).isFalse();
            }
            for (int i = 0; i < 3000; i += 3) {
                f.table.remove("n." + i, vi(i));
            }
            assertThat(f.table.repair()).isFalse();
        }
    }

    @Test
    void aCircleOfEntriesEnds() throws Exception {
        try (Fixture f = new Fixture()) {
            f.table.add("a", vi(1));
            final Mapping spoilt = Mapping.open(f.path + "0");
            Memory.putInt(spoilt.address() + NameTableDescriptor.NEXT_OFFSET, 1);
            assertThat(f.find("a")).containsExactly(vi(1));
            spoilt.unmap();
        }
    }

    @Test
    void whatIsNoTableIsNone() throws Exception {
        try (Fixture f = new Fixture()) {
            assertThat(NameTableReader.open(OWNER, f.directory.path() + "/none")).isNull();
            final Path other = f.directory.path().resolve("other");
            Files.createFile(other);
            assertThat(NameTableReader.open(OWNER, other.toString())).isNull();
            Files.write(other, new byte[100]);
            assertThat(NameTableReader.open(OWNER, other.toString())).isNull();
            Mapping.create(f.directory.path() + "/unfinished", NameTableDescriptor.BYTES, 0).unmap();
            assertThat(NameTableReader.open(OWNER, f.directory.path() + "/unfinished")).isNull();
        }
    }
}
