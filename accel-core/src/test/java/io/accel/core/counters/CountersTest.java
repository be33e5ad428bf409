package io.accel.core.counters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.config.Configuration;
import io.accel.core.natives.ChildJvm;
import io.accel.core.natives.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountersTest {
    @TempDir
    private Path base;

    private Configuration configuration() {
        return Configuration.of(Map.of("accel.shm.dir", base.toString()), Map.of());
    }

    private Path directory() {
        return base.resolve("accel-counters-" + Posix.effectiveUser());
    }

    @Test
    void countsWhereOthersCanRead() throws Exception {
        final Path file;
        try (Counters counters = Counters.open(configuration())) {
            assertThat(counters.complaint()).isEmpty();
            file = Path.of(counters.file().orElseThrow());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory()))).isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            final Counter rx = counters.allocate("rx");
            final Counter tx = counters.allocate("tx");
            rx.increment();
            rx.increment();
            tx.add(40);
            assertThat(rx.get()).isEqualTo(2);
            final CountersFile read = CountersFile.read(file);
            assertThat(read.process()).isEqualTo(ProcessHandle.current().pid());
            assertThat(read.values()).containsExactly(Map.entry("rx", 2L), Map.entry("tx", 40L));
            assertThat(CountersFile.list(configuration(), Posix.effectiveUser())).containsExactly(file);
        }
        assertThat(directory()).isEmptyDirectory();
    }

    @Test
    void closedCountersGiveTheirPlaceAndCountNowhere() throws Exception {
        try (Counters counters = Counters.open(configuration())) {
            final Counter first = counters.allocate("first");
            first.add(7);
            first.close();
            first.close();
            final Counter second = counters.allocate("second");
            first.add(100);
            assertThat(second.get()).isZero();
            assertThat(CountersFile.read(Path.of(counters.file().orElseThrow())).values()).containsOnlyKeys("second");
        }
    }

    @Test
    void countersOutliveTheFile() {
        final Counters counters = Counters.open(configuration());
        final Counter counter = counters.allocate("x");
        counters.close();
        counters.close();
        counter.increment();
        assertThat(counter.get()).isEqualTo(1);
    }

    @Test
    void moreThanFitAreCountedUnseen() throws Exception {
        try (Counters counters = Counters.open(configuration())) {
            Counter last = null;
            for (int i = 0; i < 600; i++) {
                last = counters.allocate("c" + i + " long".repeat(100));
            }
            last.add(3);
            assertThat(last.get()).isEqualTo(3);
            assertThat(CountersFile.read(Path.of(counters.file().orElseThrow())).values()).hasSize(512);
            last.close();
        }
    }

    @Test
    void offMeansNoFile() {
        final Counters counters = Counters.open(Configuration.of(Map.of("accel.shm.dir", base.toString(), "accel.counters", "off"),
            Map.of()));
        final Counter counter = counters.allocate("x");
        counter.increment();
        assertThat(counter.get()).isEqualTo(1);
        assertThat(counters.file()).isEmpty();
        assertThat(counters.complaint()).isEmpty();
        assertThat(directory()).doesNotExist();
        counters.close();
    }

    @Test
    void foreignDirectoryIsNotUsed() throws Exception {
        Files.createDirectory(directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (Counters counters = Counters.open(configuration())) {
            assertThat(counters.file()).isEmpty();
            assertThat(counters.complaint().orElseThrow()).contains("mode 0700");
            counters.allocate("x").increment();
        }
    }

    @Test
    void directoryThatIsALinkIsNotUsed() throws Exception {
        final Path elsewhere = Files.createDirectory(base.resolve("elsewhere"));
        Files.createSymbolicLink(directory(), elsewhere);
        try (Counters counters = Counters.open(configuration())) {
            assertThat(counters.file()).isEmpty();
        }
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void stateIsReplacedAsAWholeAndGoesWithAnOrderlyEnd() throws Exception {
        try (Counters counters = Counters.open(configuration())) {
            final StateFile state = counters.state().orElseThrow();
            assertThat(state.replace(new JsonText().value("x".repeat(9_000)))).isZero();
            assertThat(state.replace(new JsonText().value("new"))).isZero();
            final Path file = Path.of(state.path());
            assertThat(file).hasContent("\"new\"");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            assertThat(new StateFiles(configuration()).list())
                .extracting(StateFiles.Entry::path, StateFiles.Entry::user, StateFiles.Entry::alive)
                .containsExactly(tuple(file, Posix.effectiveUser(), true));
            assertThat(new StateFiles(configuration()).reap()).as("of the living").isZero();
            assertThat(file).exists();
        }
        assertThat(directory()).isEmptyDirectory();
    }

    @Test
    void aStateThatCannotBeReplacedStays() throws Exception {
        try (Counters counters = Counters.open(configuration())) {
            final StateFile state = counters.state().orElseThrow();
            assertThat(state.replace(new JsonText().value("old"))).isZero();
            Files.createDirectory(Path.of(state.path() + ".new"));
            assertThat(state.replace(new JsonText().value("new"))).isNegative();
            assertThat(Path.of(state.path())).hasContent("\"old\"");
            Files.delete(Path.of(state.path() + ".new"));
        }
    }

    @Test
    void statesOfTheDeadStayUntilTheyAreManyOrReaped() throws Exception {
        final Process process = ChildJvm.start(Victim.class, List.of("-Daccel.shm.dir=" + base), Map.of());
        try {
            final Path counters = Path.of(process.inputReader().readLine());
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            final Path state = Path.of(counters.toString().replace(".counters", ".state"));
            Counters.open(configuration()).close();
            assertThat(directory().toFile().listFiles()).containsExactly(state.toFile());
            assertThat(state).hasContent("\"alive\"");
            assertThat(new StateFiles(configuration()).list())
                .extracting(StateFiles.Entry::path, StateFiles.Entry::user, StateFiles.Entry::alive)
                .containsExactly(tuple(state, Posix.effectiveUser(), false));
            for (int i = 0; i < 20; i++) {
                Files.writeString(directory().resolve(i + "-dead.state"), "{}");
            }
            Files.setLastModifiedTime(state, FileTime.fromMillis(0));
            Counters.open(configuration()).close();
            assertThat(state).as("the oldest").doesNotExist();
            assertThat(new StateFiles(configuration()).list()).hasSize(16);
            assertThat(new StateFiles(configuration()).reap()).isEqualTo(16);
            assertThat(directory()).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Counts to the number given, tells its file, and waits to be killed. */
    static final class Victim {
        private Victim() {
        }

        public static void main(String[] arguments) throws IOException {
            final Counters counters = Counters.open(Configuration.ofSystem());
            counters.allocate("victim").add(5);
            counters.state().orElseThrow().replace(new JsonText().value("alive"));
            System.out.println(counters.file().orElseThrow());
            System.in.read();
        }
    }

    @Test
    void filesOfTheDeadAreRemovedAndOfTheLivingNot() throws Exception {
        final Process process = ChildJvm.start(Victim.class, List.of("-Daccel.shm.dir=" + base), Map.of());
        try {
            final Path file = Path.of(process.inputReader().readLine());
            Counters.open(configuration()).close();
            assertThat(CountersFile.read(file).values()).containsExactly(Map.entry("victim", 5L));
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(file).exists();
            Counters.open(configuration()).close();
            assertThat(file).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void damagedFilesAreToldNotThrown() throws Exception {
        final byte[] good;
        try (Counters counters = Counters.open(configuration())) {
            counters.allocate("x");
            good = Files.readAllBytes(Path.of(counters.file().orElseThrow()));
        }
        final Path file = base.resolve("damaged");
        final Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            final byte[] bytes = good.clone();
            for (int n = 0; n < 20; n++) {
                bytes[random.nextInt(n < 10 ? 24 : 600)] = (byte) random.nextInt();
            }
            if (i % 2 == 0) {
                ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(0, 0x41434E54).putInt(4, 1);
            }
            Files.write(file, i % 3 == 0 ? Arrays.copyOf(bytes, random.nextInt(1000)) : bytes);
            try {
                CountersFile.read(file);
            } catch (final IOException e) {
                assertThat(e).hasMessageContaining("damaged");
            }
        }
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> CountersFile.read(file)).isInstanceOf(IOException.class);
    }
}
