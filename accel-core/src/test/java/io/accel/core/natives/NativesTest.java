package io.accel.core.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
    @TempDir
    private Path directory;

    /** Prints whether the library is there, why not, and what its users get. */
    static final class Printer {
        private Printer() {
        }

        public static void main(String[] arguments) {
            System.out.println(Natives.isAvailable() + " " + Natives.unavailabilityCause());
            try {
                System.out.println(Posix.effectiveUser() >= 0 ? "linked" : "wrong");
            } catch (final UnsatisfiedLinkError | ExceptionInInitializerError e) {
                System.out.println("not linked: " + e.getClass().getSimpleName());
            }
        }
    }

    @Test
    void isAvailableAndLeavesNoFile() throws Exception {
        assertThat(Natives.unavailabilityCause()).isNull();
        assertThat(ChildJvm.run(Printer.class, List.of("-Daccel.native.dir=" + directory), Map.of())).isEqualTo("true null\nlinked\n");
        assertThat(directory).isEmptyDirectory();
        assertThat(ChildJvm.run(Printer.class, List.of(), Map.of("ACCEL_NATIVE_DIR", directory.toString()))).startsWith("true");
    }

    @Test
    void unknownTableIsToldByName() {
        assertThatThrownBy(() -> Natives.register(NativesTest.class, "nonsense")).isInstanceOf(UnsatisfiedLinkError.class)
            .hasMessageContaining("nonsense");
    }

    @Test
    void unknownPlatforms() throws Exception {
        assertThat(ChildJvm.run(Printer.class, List.of("-Dos.arch=riscv128"), Map.of())).startsWith("false").contains("riscv128",
            "not linked: UnsatisfiedLinkError");
        assertThat(ChildJvm.run(Printer.class, List.of("-Dos.arch=aarch64"), Map.of())).startsWith("false").contains("linux-aarch64");
        assertThat(ChildJvm.run(Printer.class, List.of("-Dos.name=Plan 9"), Map.of())).startsWith("false").contains("not on plan 9");
    }

    @Test
    void directoryThatIsNotThere() throws Exception {
        assertThat(ChildJvm.run(Printer.class, List.of("-Daccel.native.dir=" + directory.resolve("none")), Map.of())).startsWith("false")
            .contains("could not be loaded from any directory", "-Daccel.native.dir=");
    }

    @Test
    void temporaryDirectoryThatIsNotThereFallsBack() throws Exception {
        assertThat(ChildJvm.run(Printer.class, List.of("-Djava.io.tmpdir=" + directory.resolve("none")), Map.of())).startsWith("true");
    }

    /** A mount in a mount namespace of the child's own, which goes with it. */
    @Test
    void noexecDirectory() throws Exception {
        Assumptions.assumeTrue(Posix.effectiveUser() == 0, "needs root");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare");
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final Process process = new ProcessBuilder("unshare", "-m", "sh", "-c", "mount -t tmpfs -o noexec accel-test '" + directory
            + "' && exec '" + java + "' --add-exports java.base/jdk.internal.misc=ALL-UNNAMED -cp '" + System.getProperty("java.class.path")
            + "' -Daccel.native.dir='" + directory + "' '" + Printer.class.getName() + "'").redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(text).isZero();
        assertThat(text).startsWith("false").contains("could not be loaded", "noexec", "not linked");
    }
}
