package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.it.Provocation.Surface;
import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reason, met by a real process, is told wherever a user may look: explain, stackdump, a flight recording, and the log. */
class ReasonsTest {
    /** Of the exit report, which is not the log: a program has it on demand alone. */
    private static final String REPORT = "accel: ";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void letEverybodyRecord() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @ParameterizedTest
    @EnumSource
    void isToldEverywhere(Reason reason) throws IOException {
        final Provocation provocation = Provocation.of(reason);
        final Path recording = directory.resolve(reason + ".jfr");
        try (Wire wire = provocation.wire(); Talking talker = recorded(provocation.jvm(), recording).talker(wire.a())) {
            provocation.meet(wire, talker);
            final Program process = talker.program();
            Await.until(reason + " in the log", () -> isTold(Surface.LOG, reason, process), process::toString);
            if (provocation.silent().isEmpty()) {
                Await.until(reason + " in the state", () -> state(process.pid()).contains("\"" + reason + "\""), process::toString);
            }
            for (final Surface each : List.of(Surface.EXPLAIN, Surface.STACKDUMP)) {
                assertThat(isTold(each, reason, process)).as(each + ": " + process).isEqualTo(!provocation.silent().containsKey(each));
            }
            process.tell("quit");
            process.succeed();
            assertThat(recorded(recording)).as(process.toString()).contains(reason.name());
        }
    }

    private static boolean isTold(Surface surface, Reason reason, Program process) {
        return switch (surface) {
            case LOG -> process.err().lines().filter(line -> !line.startsWith(REPORT))
                .anyMatch(line -> line.matches(".*\\b" + reason + "\\b.*"));
            case EXPLAIN -> asked("explain " + process.pid()).out().replaceAll("\\s+", " ").contains(": " + reason + ", ");
            case STACKDUMP -> Pattern.compile("\"(reason|unavailable|shortfall)\" : \"" + reason + "\"|\"" + reason + "\" : [1-9]")
                .matcher(asked("stackdump sockets " + process.pid() + " --json").out()).find();
            case RECORDING -> throw new AssertionError("it is written when the process ends");
        };
    }

    /** What a process told of itself last, which it does once a second: not to start a tool for each look. Empty: nothing. */
    private static String state(long pid) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(Path.of("/dev/shm"), "accel-counters-*")) {
            for (final Path each : directories) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(each, pid + "-*.state")) {
                    for (final Path file : files) {
                        return Files.readString(file);
                    }
                }
            }
            return "";
        } catch (final IOException e) {
            throw new AssertionError("the states cannot be read", e);
        }
    }

    private static Program asked(String line) {
        final Program asked = Jvm.plain().tool(line);
        asked.join();
        return asked;
    }

    private static Jvm recorded(Jvm jvm, Path file) {
        return jvm.option("-XX:StartFlightRecording=filename=" + file + ",dumponexit=true,settings=none").option("-Xlog:jfr+startup=off");
    }

    /** The reasons of all events. */
    private static Set<String> recorded(Path file) throws IOException {
        return RecordingFile.readAllEvents(file).stream().filter(each -> each.getEventType().getName().startsWith("io.accel."))
            .filter(each -> each.hasField("reason")).map(each -> each.getString("reason")).collect(Collectors.toSet());
    }

    @Test
    void whereNothingCanBeToldTheToolsSayWhereToLook() {
        assertThat(asked("explain 1").err().replaceAll("\\s+", " "))
            .contains("One that lacks the native library tells it in its log alone.");
    }

    @Test
    void theTableHasOneRowForEachReason() {
        assertThat(Provocation.all().map(Provocation::name)).doesNotHaveDuplicates()
            .isSubsetOf(Arrays.stream(Reason.values()).map(Reason::name).toList());
    }
}
