package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.it.fixture.Command;
import io.accel.it.fixture.JavaHomes;
import io.accel.it.programs.Sockets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code new DatagramSocket()} and {@code new MulticastSocket()} under the agent, and where it leaves them to the JDK. */
class AgentSocketsTest {
    private static final Path ACCEL =
        Path.of(System.getProperty("dist.directory", "../target/dist")).toAbsolutePath().resolve("accel.jar");
    private static final String PROPERTY = "-Djava.nio.channels.spi.SelectorProvider=";
    private static final String OURS = PROPERTY + "io.accel.nio.AccelSelectorProvider";
    private static final String AGENT = "-javaagent:" + ACCEL;
    private static final String FAST = "accel: udp .* fast rx=20[01] tx=20[01] kernel rx=0 tx=0";

    @BeforeAll
    static void needsTheJar() {
        assumeTrue(Files.exists(ACCEL), "needs target/dist/accel.jar: ./accel build");
    }

    static Stream<Arguments> everyJdk() {
        return JavaHomes.all().map(home -> Arguments.of(home.version(), home.path()));
    }

    private static Command run(Path home, String... options) {
        final List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString(), "-Xmx128m", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "-Daccel.report=exit"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", Path.of("target/test-classes").toAbsolutePath().toString(), Sockets.class.getName()));
        return Command.attempt(command, "");
    }

    private static void worked(Command result) {
        assertThat(result.output()).contains("interrupted=true", "traffic=ok");
        assertThat(result.exit()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    void areFast(int version, Path home) {
        for (final List<String> options : List.of(List.of(AGENT), List.of(OURS, AGENT), List.of(AGENT, "-Xbootclasspath/a:" + ACCEL))) {
            final Command result = run(home, options.toArray(String[]::new));
            worked(result);
            assertThat(result.output().lines().filter(line -> line.matches(FAST + ".*"))).as(result.output()).hasSize(2);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    void areTheJdksWhereAccelIsNotWanted(int version, Path home) {
        for (final String refusal : List.of("-Daccel.enabled=false", PROPERTY + "sun.nio.ch.EPollSelectorProvider")) {
            final Command result = run(home, AGENT, refusal, "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");
            worked(result);
            assertThat(result.output()).doesNotContain("accel: udp");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    void areTheJdksWithoutTheLibraryUnlessAccelIsRequired(int version, Path home) {
        final Command without = run(home, AGENT, "-Dos.arch=sparc");
        worked(without);
        assertThat(without.output()).contains("NO_NATIVE_LIBRARY").doesNotContain("accel: udp");
        final Command required = run(home, AGENT, "-Dos.arch=sparc", "-Daccel.require=true");
        assertThat(required.exit()).isNotZero();
        assertThat(required.output()).contains("accel.require is set", "NO_NATIVE_LIBRARY");
    }
}
