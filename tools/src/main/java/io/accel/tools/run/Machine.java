package io.accel.tools.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What there is to run on: CPUs, privileges, JDKs. */
public final class Machine {
    private Machine() {
    }

    /** The CPUs that this process may use, as the kernel lists them in /proc/self/status. */
    public static List<Integer> cpus() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst()
                .map(line -> parseList(line.substring(line.indexOf(':') + 1).strip())).orElse(List.of(0));
        }
    }

    /** For instance 0-2,5. */
    public static List<Integer> parseList(String list) {
        final List<Integer> cpus = new ArrayList<>();
        for (final String part : list.split(",")) {
            final String[] ends = part.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }

    /** Whether this is root's process. */
    public static boolean isRoot() throws IOException {
        return Program.run("id", "-u").strip().equals("0");
    }

    /** The launcher of the JDK that runs us. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The launcher of another installed JDK of that feature release. */
    public static Optional<Path> otherJava(int release) throws IOException {
        if (Runtime.version().feature() == release) {
            return Optional.empty();
        }
        final Path installed = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(installed)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(installed)) {
            return homes.sorted().filter(home -> !Files.isSymbolicLink(home) && hasRelease(home, release))
                .map(home -> home.resolve("bin/java")).filter(Files::isExecutable).findFirst();
        }
    }

    private static boolean hasRelease(Path home, int release) {
        final Path file = home.resolve("release");
        if (!Files.isReadable(file)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(line -> line.matches("JAVA_VERSION=\"" + release + "[.\"].*"));
        } catch (final IOException e) {
            return false;
        }
    }

    /** What a reader of figures wants to know of the machine. */
    public static Map<String, Object> describe() throws IOException {
        final Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", cpuModel());
        machine.put("cpus", cpus().size());
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("architecture", System.getProperty("os.arch"));
        machine.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        return machine;
    }

    private static String cpuModel() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
        }
    }
}
