package io.accel.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.natives.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    private Path directory;

    private static Configuration properties(String... namesAndValues) {
        final Map<String, String> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Configuration.of(map, Map.of());
    }

    @Test
    void defaultsParseAndNothingIsComplainedOf() {
        final Configuration configuration = properties();
        for (final Option<?> option : Options.all()) {
            assertThat(configuration.get(option)).as(option.property()).isNotNull();
            assertThat(configuration.origin(option)).isEqualTo("default");
        }
        assertThat(configuration.complaints()).isEmpty();
    }

    @Test
    void strongestSourceWins() throws Exception {
        final Path file = directory.resolve("accel.properties");
        Files.writeString(file, "accel.spin.micros=3\naccel.profile=throughput\n");
        final String name = file.toString();
        Configuration configuration = Configuration.of(Map.of("accel.config", name, "accel.spin.micros", "1"),
            Map.of("ACCEL_SPIN_MICROS", "2"));
        assertThat(configuration.get(Options.SPIN_MICROS)).isEqualTo(1);
        assertThat(configuration.origin(Options.SPIN_MICROS)).isEqualTo("system property");
        configuration = Configuration.of(Map.of(), Map.of("ACCEL_CONFIG", name, "ACCEL_SPIN_MICROS", "2"));
        assertThat(configuration.get(Options.SPIN_MICROS)).isEqualTo(2);
        assertThat(configuration.origin(Options.SPIN_MICROS)).isEqualTo("environment");
        configuration = properties("accel.config", name);
        assertThat(configuration.get(Options.SPIN_MICROS)).isEqualTo(3);
        assertThat(configuration.origin(Options.SPIN_MICROS)).isEqualTo("file " + name);
        assertThat(configuration.origin(Options.XDP_RING)).isEqualTo("profile throughput");
        assertThat(configuration.complaints()).isEmpty();
    }

    @Test
    void everyProfileIsThereAndGood() {
        for (final String profile : Profiles.NAMES) {
            assertThat(properties("accel.profile", profile).complaints()).as(profile).isEmpty();
        }
        assertThat(properties("accel.profile", "latency").get(Options.SPIN_MICROS))
            .isGreaterThan(properties().get(Options.SPIN_MICROS));
        assertThat(properties("accel.profile", "safe").origin(Options.XDP_MODE)).isEqualTo("profile safe");
        final Configuration latency = properties("accel.profile", "latency");
        assertThat(latency.get(Options.EFVI_CTPIO)).isEqualTo("cut-through");
        assertThat(latency.get(Options.EFVI_MERGE)).isFalse();
        final Configuration throughput = properties("accel.profile", "throughput");
        assertThat(throughput.get(Options.EFVI_MERGE)).isTrue();
        assertThat(throughput.get(Options.EFVI_RING)).isGreaterThan(latency.get(Options.EFVI_RING));
        assertThat(throughput.get(Options.EFVI_REFILL)).isGreaterThan(latency.get(Options.EFVI_REFILL));
    }

    @Test
    void aProfileMayBeAFile() throws Exception {
        final Path file = directory.resolve("mine.properties");
        Files.writeString(file, "# For the gateway:\n# a long spin.\n\n# not this\naccel.spin.micros=500\naccel.spin.mikros=5\n");
        final Configuration configuration = properties("accel.profile", file.toString(), "accel.shm.dir", "/tmp");
        assertThat(configuration.get(Options.SPIN_MICROS)).isEqualTo(500);
        assertThat(configuration.origin(Options.SPIN_MICROS)).isEqualTo("profile " + file);
        assertThat(configuration.origin(Options.SHM_DIRECTORY)).isEqualTo("system property");
        assertThat(configuration.origin(Options.XDP_RING)).isEqualTo("default");
        assertThat(configuration.complaints()).singleElement().asString()
            .contains("accel.spin.mikros (profile " + file + ")", "did you mean accel.spin.micros?");
        assertThat(Profiles.description(file.toString())).isEqualTo("For the gateway: a long spin.");
        for (final String name : Profiles.NAMES) {
            assertThat(Profiles.description(name)).as(name).isNotEmpty();
        }
    }

    @Test
    void aProfileThatCannotBeReadIsTold() throws Exception {
        final Path file = directory.resolve("bad.properties");
        Files.writeString(file, "accel.spin.micros=\\u12\n");
        assertThat(properties("accel.profile", file.toString()).complaints()).singleElement().asString().contains("cannot be read");
        assertThat(properties("accel.profile", "./none").complaints()).singleElement().asString().contains("NoSuchFileException: ./none");
        assertThat(properties("accel.profile", "latncy").complaints()).singleElement().asString().contains("did you mean latency?");
    }

    @Test
    void unknownNamesAreToldWithTheNearest() {
        final Configuration configuration = Configuration.of(
            Map.of("accel.spin.micro", "7", "accel.quite.something.else", "x", "accel.test.root", "x", "java.home", "/"),
            Map.of("ACCEL_SPINMICROS", "8", "PATH", "/bin"));
        assertThat(configuration.complaints()).hasSize(3)
            .anyMatch(s -> s.contains("accel.spin.micro (system property)") && s.contains("did you mean accel.spin.micros?"))
            .anyMatch(s -> s.contains("ACCEL_SPINMICROS (environment)") && s.contains("did you mean ACCEL_SPIN_MICROS?"))
            .anyMatch(s -> s.contains("accel.quite.something.else") && !s.contains("did you mean"));
    }

    @Test
    void malformedValuesAreToldAndTheDefaultCounts() {
        final Configuration configuration = properties("accel.spin.micros", "fast", "accel.enabled", "maybe", "accel.afxdp.ring", "1000",
            "accel.report", "always", "accel.profile", "warp");
        assertThat(configuration.get(Options.SPIN_MICROS)).isEqualTo(20);
        assertThat(configuration.get(Options.ENABLED)).isTrue();
        assertThat(configuration.get(Options.XDP_RING)).isEqualTo(2048);
        assertThat(configuration.origin(Options.XDP_RING)).isEqualTo("default");
        assertThat(configuration.complaints()).hasSize(5)
            .anyMatch(s -> s.equals("accel.spin.micros=fast (system property): 'fast' is not a whole number; allowed: 0 to 10000000; "
                + "the default counts: 20"))
            .anyMatch(s -> s.contains("'maybe' is neither true nor false"))
            .anyMatch(s -> s.contains("1000 is not a power of two"))
            .anyMatch(s -> s.contains("'always' is none of exit, none"))
            .anyMatch(s -> s.contains("'warp' is none of balanced, latency, safe, throughput"));
    }

    @Test
    void valuesAreStripped() {
        assertThat(properties("accel.spin.micros", " 5 ", "accel.report", "exit ").complaints()).isEmpty();
    }

    @Test
    void missingFileIsTold() {
        assertThat(properties("accel.config", "/does/not/exist").complaints()).singleElement().asString()
            .contains("/does/not/exist", "NoSuchFileException");
        assertThat(properties("accel.config", "a\0b").complaints()).hasSize(1);
    }

    @Test
    void malformedFileIsTold() throws Exception {
        final Path file = directory.resolve("bad.properties");
        Files.writeString(file, "accel.spin.micros=\\u12\n");
        assertThat(properties("accel.config", file.toString()).complaints()).singleElement().asString().contains("cannot be read");
    }

    @Test
    void badInterfacesAreComplainedOf() {
        assertThat(properties("accel.interfaces", "eth1").complaints()).singleElement().asString().contains("names no datapath");
    }

    @Test
    void operatorConstructorReadsFullNames() {
        assertThat(new Configuration(Map.of("accel.spin.micros", "9")::get).get(Options.SPIN_MICROS)).isEqualTo(9);
        final Option<Integer> own = new Option<>("own", "1", "numbers", "none", Integer::valueOf);
        assertThat(properties("accel.own", "4").get(own)).isEqualTo(4);
    }

    /** Prints what a program without any permission sees. */
    static final class Printer {
        private Printer() {
        }

        public static void main(String[] arguments) {
            final Configuration configuration = Configuration.ofSystem();
            System.out.println(configuration.get(Options.SPIN_MICROS) + " " + configuration.origin(Options.SPIN_MICROS));
            System.out.println(configuration.complaints());
        }
    }

    @Test
    void environmentAndPropertiesOfAnotherProcess() throws Exception {
        assertThat(ChildJvm.run(Printer.class, List.of(), Map.of("ACCEL_SPIN_MICROS", "77"))).startsWith("77 environment\n[]");
        assertThat(ChildJvm.run(Printer.class, List.of("-Daccel.spin.micros=78"), Map.of("ACCEL_SPIN_MICROS", "77")))
            .startsWith("78 system property\n[]");
    }

    @Test
    void securityManagerThatAllowsNothing() throws Exception {
        assumeSecurityManager();
        final String text = ChildJvm.run(Printer.class, List.of("-Djava.security.manager", "-Daccel.spin.micros=78"), Map.of());
        assertThat(text).startsWith("20 default\n").contains("the security manager");
    }

    @Test
    void ownPermissionsSufficeUnderASecurityManager() throws Exception {
        assumeSecurityManager();
        final Path policy = directory.resolve("policy");
        Files.writeString(policy, "grant codeBase \"" + Configuration.class.getProtectionDomain().getCodeSource().getLocation()
            + "-\" { permission java.security.AllPermission; };\n");
        assertThat(ChildJvm.run(Printer.class, List.of("-Djava.security.manager", "-Djava.security.policy==" + policy,
            "-Daccel.spin.micros=78", "-Daccel.profile=latency"), Map.of())).startsWith("78 system property\n[]");
    }

    private static void assumeSecurityManager() {
        Assumptions.assumeTrue(Runtime.version().feature() < 24, "this JDK has no security manager");
    }
}
