package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.it.fixture.Command;
import io.accel.it.fixture.JavaHomes;
import io.accel.it.fixture.NativeTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ./accel run}: how it reaches a JVM, what of the user's it leaves alone, and how it answers mistakes. */
class RunCommandTest {
    private static final Path COMMAND = Path.of("../accel").toAbsolutePath().normalize();
    private static final String CLASSES = Path.of("target/test-classes").toAbsolutePath().toString();
    private static final String MAIN = "io.accel.it.programs.Everything";
    private static final String OTHER_PROVIDER = "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider "
        + "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";
    private static final int WITHOUT_SECURITY_MANAGER = 24;
    private static final String FAST = "accel: udp .* fast rx=[1-9]";

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsTheJar() {
        assumeTrue(Files.exists(COMMAND.resolveSibling("target/dist/accel.jar")), "needs target/dist/accel.jar: ./accel build");
    }

    /** @param environment as {@code env} takes it */
    private static Command run(List<String> environment, String... arguments) {
        final List<String> command = new ArrayList<>(List.of("env", "JAVA_HOME=" + System.getProperty("java.home")));
        command.addAll(environment);
        command.addAll(List.of(COMMAND.toString(), "run"));
        command.addAll(Arrays.asList(arguments));
        return Command.attempt(command, "");
    }

    private static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    private static void worked(Command result) {
        assertThat(result.output()).contains("traffic=ok");
        assertThat(result.exit()).isZero();
    }

    private static void isFast(Command result) {
        worked(result);
        assertThat(result.output()).contains("state=available").containsPattern(FAST);
    }

    /** A name that has to be quoted, whoever reads it. */
    private Path profile(String text) throws IOException {
        return Files.writeString(directory.resolve("my \"own\" pro'file.properties"), text);
    }

    static Stream<Path> everyJdk() {
        return JavaHomes.all().map(JavaHomes::path);
    }

    @Test
    void aScriptThatStartsAJvm() throws IOException {
        final Path script = Files.writeString(directory.resolve("app"),
            "#!/bin/sh\ncd /\nexec \"$JAVA_HOME/bin/java\" -cp " + CLASSES + " " + MAIN + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        isFast(run(List.of(), "--report", script.toString()));
        isFast(run(List.of(), "--profile", profile("accel.report=exit\n").toString(), "--", script.toString()));
    }

    @ParameterizedTest
    @MethodSource("everyJdk")
    void aJvmThatIsNotStartedByTheLauncher(Path home) throws IOException {
        assumeTrue(Files.isReadable(home.resolve("include/jni.h")), "needs a JDK with its headers");
        final String[] embedded = {"--embedded", "--profile=" + profile("accel.report=exit\n"), NativeTool.embedder(home).toString(),
            CLASSES, MAIN.replace('.', '/')};
        final List<String> jdk = List.of("JAVA_HOME=" + home);
        isFast(run(jdk, embedded));
        final Command without = run(jdk, Arrays.copyOfRange(embedded, 1, embedded.length));
        worked(without);
        assertThat(without.output()).contains("state=absent");
    }

    @ParameterizedTest
    @CsvSource({"JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"})
    void whatTheUserHasSetWins(String variable) throws IOException {
        final String profile = "--profile=" + profile("accel.report=exit\naccel.enabled=true\n");
        final String[] program = {profile, java(), "-cp", CLASSES, MAIN};
        final Command disabled = run(List.of(variable + "=-Daccel.enabled=false"), program);
        worked(disabled);
        assertThat(disabled.output()).contains("state=unavailable DISABLED").doesNotContainPattern(FAST);
        final Command other = run(List.of(variable + "=" + OTHER_PROVIDER), program);
        worked(other);
        assertThat(other.output()).contains("state=unused").doesNotContainPattern(FAST);
        isFast(run(List.of(variable + "=-Dsome.thing=1"), program));
    }

    @Test
    void whatStandsOnTheCommandLineWins() {
        final Command disabled = run(List.of(), "--report", java(), "-Daccel.enabled=false", "-cp", CLASSES, MAIN);
        worked(disabled);
        assertThat(disabled.output()).contains("state=unavailable DISABLED");
        final Command other = run(List.of(), Stream.of(List.of("--report", java()), List.of(OTHER_PROVIDER.split(" ")),
            List.of("-cp", CLASSES, MAIN)).flatMap(List::stream).toArray(String[]::new));
        worked(other);
        assertThat(other.output()).contains("state=unused");
    }

    /** The property alone would end it: the policy lets Accel not be a provider (docs/limits.md). Later JDKs have no such manager. */
    @Test
    void aSecurityManagerKeepsTheProgramOnTheJdk() {
        final Command result = run(List.of(), "--report", java(), "-Djava.security.manager",
            "-Djava.security.policy==" + policy(), "-cp", CLASSES, MAIN);
        if (Runtime.version().feature() >= WITHOUT_SECURITY_MANAGER) {
            assertThat(result.exit()).as(result.toString()).isOne();
            assertThat(result.output()).contains("Enabling a Security Manager is not supported");
            return;
        }
        worked(result);
        assertThat(result.output()).contains("state=unused");
    }

    private String policy() {
        try {
            return Files.writeString(directory.resolve("policy"), "grant codeBase \"file:" + CLASSES
                + "/-\" { permission java.security.AllPermission; };\n").toString();
        } catch (final IOException e) {
            throw new AssertionError("a policy", e);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--reprot java                  | did you mean --report?",
        "--profle=latency java          | did you mean --profile?",
        "--profile=latncy java          | did you mean latency?",
        "--profile=./none java          | the profile './none' is no file",
        "--profile                      | --profile needs a value",
        "--interfaces=eth1:afxpd java   | did you mean afxdp?",
        "--interfaces=eth1 java         | write eth1:afxdp",
        "--report                       | run needs a program",
        "--report no-such-program       | there is no program 'no-such-program'",
    })
    void mistakesAreAnsweredWithWhatIsRight(String arguments, String answer) {
        final Command result = run(List.of(), arguments.split(" "));
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.output().lines()).allMatch(line -> line.length() <= 100);
        assertThat(result.output().replaceAll("\\s+", " ")).contains(answer);
    }

    @Test
    void helpFitsATerminal() {
        for (final List<String> asked : List.of(List.of("help"), List.of("run", "--help"), List.of("build", "--help"),
            List.of("profiles", "--help"), List.of("profiles", "latency"))) {
            final Command help = Command.attempt(Stream.concat(Stream.of(COMMAND.toString()), asked.stream()).toArray(String[]::new));
            assertThat(help.exit()).as(help.output()).isZero();
            assertThat(help.output().lines()).as(asked.toString()).allMatch(line -> line.length() <= 100);
        }
        assertThat(Command.attempt(COMMAND.toString(), "rnu").output()).contains("did you mean run?");
    }
}
