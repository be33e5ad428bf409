package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.it.fixture.Command;
import io.accel.it.fixture.JavaHomes;
import io.accel.it.programs.Everything;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way to start a program with the jar, on every JDK 17 and 25 there is: the program's datagrams, TCP and pipes work, by the fast
 * path or by the JDK's channels with the reason told.
 */
class StartUpMatrixTest {
    private static final String PROVIDER = "-Djava.nio.channels.spi.SelectorProvider=io.accel.nio.AccelSelectorProvider";
    private static final String MAIN = "io.accel.it.programs.Everything";
    private static final Path DIST = Path.of(System.getProperty("dist.directory", "../target/dist")).toAbsolutePath();
    private static final Path ACCEL = DIST.resolve("accel.jar");
    private static final String NO_LIBRARY = "-Dos.arch=sparc";

    @TempDir
    private static Path directory;
    private static Path app;

    /** What a program must find. */
    private enum Expected {
        /** Datagrams by shared memory. */
        FAST("state=available", "channel=io.accel.nio.AccelDatagramChannel"),
        /** The property names our provider, and everything is the JDK's. */
        NO_NATIVE_LIBRARY("state=unavailable NO_NATIVE_LIBRARY", "channel=sun.nio.ch.DatagramChannelImpl"),
        SECURITY_MANAGER("state=unavailable SECURITY_MANAGER", "channel=sun.nio.ch.DatagramChannelImpl"),
        DISABLED("state=unavailable DISABLED", "channel=sun.nio.ch.DatagramChannelImpl"),
        /** A security manager came after our provider: its own channels are not used any more. */
        OVERTAKEN("state=available", "channel=sun.nio.ch.DatagramChannelImpl"),
        /** The JVM never asked for us. */
        UNUSED("state=unused", "channel=sun.nio.ch.DatagramChannelImpl");

        private final String state;
        private final String channel;

        Expected(String state, String channel) {
            this.state = state;
            this.channel = channel;
        }

        void check(Command result) {
            assertThat(result.exit()).as(result.output()).isZero();
            assertThat(result.output()).contains("traffic=ok", state, channel);
            if (this == FAST) {
                assertThat(result.output()).containsPattern("accel: udp .* fast rx=[1-9]");
            }
            if (state.startsWith("state=unavailable")) {
                assertThat(result.output().lines().filter(line -> line.contains("every channel is the JDK's"))).hasSize(1);
                assertThat(result.output()).containsPattern("every channel is the JDK's: " + name());
            }
        }
    }

    /** One way to start. */
    private enum Way {
        CLASS_PATH(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "-cp", ACCEL + ":" + app, MAIN);
            }
        },
        MODULE_PATH(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "-p", ACCEL.toString(), "--add-modules", "io.accel", "-cp", app.toString(), MAIN);
            }
        },
        ALL_MODULES(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "-p", ACCEL.toString(), "--add-modules", "ALL-MODULE-PATH", "-cp", app.toString(), MAIN);
            }
        },
        BOOT_PATH(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "-Xbootclasspath/a:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        AGENT(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of("-javaagent:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        AGENT_AND_CLASS_PATH(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "-javaagent:" + ACCEL, "-cp", ACCEL + ":" + app, MAIN);
            }
        },
        AGENT_AND_BOOT_PATH(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of("-Xbootclasspath/a:" + ACCEL, "-javaagent:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        AGENT_AND_MAIN_JAR(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of("-javaagent:" + ACCEL, "-jar", app.toString());
            }
        },
        AGENT_WITH_ANOTHER_PROVIDER(Expected.UNUSED) {
            @Override
            List<String> options() {
                return List.of("-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider",
                    "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "-javaagent:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        ONLY_JAVA_BASE(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "--limit-modules=java.base", "-cp", ACCEL + ":" + app, MAIN);
            }
        },
        ONLY_JAVA_BASE_ON_THE_BOOT_PATH(Expected.FAST) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "--limit-modules=java.base", "-Xbootclasspath/a:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        DISABLED(Expected.DISABLED) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, "-Daccel.enabled=false", "-cp", ACCEL + ":" + app, MAIN);
            }
        },
        NO_LIBRARY_CLASS_PATH(Expected.NO_NATIVE_LIBRARY) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, NO_LIBRARY, "-cp", ACCEL + ":" + app, MAIN);
            }
        },
        NO_LIBRARY_MODULE_PATH(Expected.NO_NATIVE_LIBRARY) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, NO_LIBRARY, "-p", ACCEL.toString(), "--add-modules", "io.accel", "-cp", app.toString(), MAIN);
            }
        },
        NO_LIBRARY_BOOT_PATH(Expected.NO_NATIVE_LIBRARY) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, NO_LIBRARY, "-Xbootclasspath/a:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        NO_LIBRARY_AGENT(Expected.NO_NATIVE_LIBRARY) {
            @Override
            List<String> options() {
                return List.of(NO_LIBRARY, "-javaagent:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        /** No sun.misc.Unsafe: the agent's instrumentation is the only way. */
        NO_LIBRARY_AGENT_WITHOUT_UNSAFE(Expected.NO_NATIVE_LIBRARY) {
            @Override
            List<String> options() {
                return List.of(NO_LIBRARY, "--limit-modules=java.instrument", "-javaagent:" + ACCEL, "-cp", app.toString(), MAIN);
            }
        },
        NO_LIBRARY_UNSAFE_ONLY(Expected.NO_NATIVE_LIBRARY) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, NO_LIBRARY, "--limit-modules=jdk.unsupported", "-cp", ACCEL + ":" + app, MAIN);
            }
        },
        NO_LIBRARY_ONLY_JAVA_BASE_AND_AN_EXPORT(Expected.NO_NATIVE_LIBRARY) {
            @Override
            List<String> options() {
                return List.of(PROVIDER, NO_LIBRARY, "--limit-modules=java.base", "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED",
                    "-cp", ACCEL + ":" + app, MAIN);
            }
        };

        private final Expected expected;

        Way(Expected expected) {
            this.expected = expected;
        }

        abstract List<String> options();
    }

    @BeforeAll
    static void jar() throws IOException {
        assumeTrue(Files.exists(ACCEL), "needs target/dist/accel.jar: ./accel build");
        app = directory.resolve("app.jar");
        final Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, MAIN);
        try (OutputStream out = Files.newOutputStream(app); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (final String name : List.of("Everything", "Everything$1")) {
                final String entry = "io/accel/it/programs/" + name + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in = Everything.class.getResourceAsStream("/" + entry)) {
                    in.transferTo(jar);
                }
                jar.closeEntry();
            }
        }
    }

    static Stream<Arguments> everyWay() {
        return JavaHomes.all().flatMap(home -> Stream.of(Way.values()).map(way -> Arguments.of(home.version(), home.path(), way)));
    }

    static Stream<Arguments> everyJdk() {
        return JavaHomes.all().map(home -> Arguments.of(home.version(), home.path()));
    }

    static Stream<Arguments> jdksWithSecurityManagers() {
        return JavaHomes.all().filter(home -> home.version() < 24).map(home -> Arguments.of(home.version(), home.path()));
    }

    private static Command java(Path home, List<String> options) {
        return java(List.of(), home, options);
    }

    private static Command java(List<String> launcher, Path home, List<String> options) {
        final List<String> command = new ArrayList<>(launcher);
        command.add(home.resolve("bin/java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Daccel.report=exit"));
        command.addAll(options);
        return Command.attempt(command, "");
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("everyWay")
    @Tag("slow")
    void runsTheProgram(int version, Path home, Way way) {
        way.expected.check(java(home, way.options()));
    }

    @Test
    void runsTheProgramInTheMostUsedWays() {
        for (final Way way : List.of(Way.CLASS_PATH, Way.AGENT_AND_MAIN_JAR, Way.NO_LIBRARY_CLASS_PATH)) {
            way.expected.check(java(Path.of(System.getProperty("java.home")), way.options()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    @Tag("slow")
    void saysWhatIsMissingWhereNoWayIsLeft(int version, Path home) {
        final Command result = java(home, List.of(PROVIDER, NO_LIBRARY, "--limit-modules=java.base", "-cp", ACCEL + ":" + app, MAIN));
        assertThat(result.exit()).isNotZero();
        assertThat(result.output()).contains("ServiceConfigurationError", "NO_NATIVE_LIBRARY", "--add-exports java.base/sun.nio.ch");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    @Tag("slow")
    void requireRefusesToRunWithoutTheLibrary(int version, Path home) {
        final Command result = java(home, List.of(PROVIDER, NO_LIBRARY, "-Daccel.require=true", "-cp", ACCEL + ":" + app, MAIN));
        assertThat(result.exit()).isNotZero();
        assertThat(result.output()).contains("java.io.IOException: accel.require is set", "NO_NATIVE_LIBRARY");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    @Tag("slow")
    void runsByTheCommand(int version, Path home) {
        final Path command = DIST.resolve("../../accel").normalize();
        assumeTrue(Files.isExecutable(command), "needs the accel command");
        Expected.FAST.check(Command.attempt(
            List.of(command.toString(), "run", "--report", "--", home.resolve("bin/java").toString(), "-jar", app.toString()), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    @Tag("slow")
    void runsInAnImageOfJavaBase(int version, Path home) {
        assumeTrue(Files.isExecutable(home.resolve("bin/jlink")), "needs jlink");
        final Path image = directory.resolve("image-" + version + "-" + home.getFileName());
        assertThat(Command.attempt(home.resolve("bin/jlink").toString(), "--add-modules", "java.base", "--output", image.toString()))
            .satisfies(linked -> assertThat(linked.exit()).as(linked.output()).isZero());
        Way.CLASS_PATH.expected.check(java(image, Way.CLASS_PATH.options()));
        Way.BOOT_PATH.expected.check(java(image, Way.BOOT_PATH.options()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    @Tag("slow")
    void runsFromAnArchiveOfItsClasses(int version, Path home) {
        final String archive = directory.resolve("app-" + home.getFileName() + ".jsa").toString();
        for (final Way way : List.of(Way.CLASS_PATH, Way.BOOT_PATH)) {
            way.expected.check(java(home, with(way, "-XX:ArchiveClassesAtExit=" + archive)));
            way.expected.check(java(home, with(way, "-XX:SharedArchiveFile=" + archive, "-Xshare:auto")));
        }
    }

    private static List<String> with(Way way, String... more) {
        final List<String> options = new ArrayList<>(List.of(more));
        options.addAll(way.options());
        return options;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyJdk")
    @Tag("slow")
    void goesByTheJdkWhereNoDirectoryAllowsExecution(int version, Path home) throws IOException {
        assumeTrue(Files.getOwner(Path.of("/proc/self")).getName().equals("root"), "needs root");
        final Path noexec = Files.createDirectories(directory.resolve("noexec"));
        final List<String> launcher = List.of("unshare", "--mount", "sh", "-c",
            "mount -t tmpfs -o noexec tmpfs " + noexec + " && exec \"$@\"", "sh");
        Expected.NO_NATIVE_LIBRARY.check(java(launcher, home, with(Way.CLASS_PATH, "-Daccel.native.dir=" + noexec)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdksWithSecurityManagers")
    @Tag("slow")
    void leavesEveryCheckToTheJdkUnderASecurityManager(int version, Path home) throws IOException {
        final String onlyApp = policy("app", app);
        final String both = policy("both", app, ACCEL);
        Expected.SECURITY_MANAGER.check(java(home, with(Way.CLASS_PATH, "-Djava.security.manager", both)));
        Expected.SECURITY_MANAGER.check(java(home, with(Way.MODULE_PATH, "-Djava.security.manager", both)));
        Expected.SECURITY_MANAGER.check(java(home, with(Way.BOOT_PATH, "-Djava.security.manager", onlyApp)));
        Expected.UNUSED.check(java(home, with(Way.AGENT, "-Djava.security.manager", onlyApp)));
        Expected.SECURITY_MANAGER.check(java(home, with(Way.NO_LIBRARY_CLASS_PATH, "-Djava.security.manager", both)));
    }

    /** The constructor of SelectorProvider itself asks for a permission: nothing of ours has run yet (docs/limits.md). */
    @ParameterizedTest(name = "{0}")
    @MethodSource("jdksWithSecurityManagers")
    @Tag("slow")
    void cannotStartOnTheClassPathUnderAPolicyThatGrantsItNothing(int version, Path home) throws IOException {
        final Command result = java(home, with(Way.CLASS_PATH, "-Djava.security.manager", policy("app", app)));
        assertThat(result.exit()).isNotZero();
        assertThat(result.output()).contains("access denied (\"java.lang.RuntimePermission\" \"selectorProvider\")");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdksWithSecurityManagers")
    @Tag("slow")
    void leavesTheRestToTheJdkOnceTheProgramSetsASecurityManager(int version, Path home) {
        final List<String> options = new ArrayList<>(with(Way.CLASS_PATH, "-Djava.security.manager=allow"));
        options.add("manager");
        final Command result = java(home, options);
        Expected.OVERTAKEN.check(result);
        assertThat(result.output().lines().filter(line -> line.contains("SECURITY_MANAGER"))).hasSize(1);
    }

    /** A policy that grants everything to these jars and nothing to others, as the option that names it. */
    private static String policy(String name, Path... jars) throws IOException {
        final Path file = directory.resolve(name + ".policy");
        final StringBuilder text = new StringBuilder();
        for (final Path jar : jars) {
            text.append("grant codeBase \"").append(jar.toUri()).append("\" { permission java.security.AllPermission; };\n");
        }
        Files.writeString(file, text);
        return "-Djava.security.policy=" + file;
    }
}
