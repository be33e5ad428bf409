package io.accel.tools.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What /proc tells of one process: the program that is looked at, or this one, whose limits one started here would have. */
record ProcessFiles(HostFiles host, String pid) {
    /** Of this process. */
    static final String SELF = "self";
    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private String path(String name) {
        return "/proc/" + pid + "/" + name;
    }

    boolean exists() {
        return host.exists(path("status"));
    }

    CpuList cpus() {
        return CpuList.parse(host.field(path("status"), "Cpus_allowed_list").orElse(""));
    }

    /** Whether it has a capability in effect. @param number of linux/capability.h */
    boolean isCapable(int number) {
        return host.field(path("status"), "CapEff").map(mask -> Long.parseUnsignedLong(mask, 16) >>> number & 1).orElse(0L) == 1;
    }

    /** The soft limit, in bytes; Long.MAX_VALUE for none. */
    Optional<Long> lockedMemoryLimit() {
        return host.field(path("limits"), "Max locked memory").map(values -> values.split("\\s+")[0])
            .map(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft));
    }

    /** Its control group in the unified hierarchy, or in the one of this controller; empty where there is none. */
    Optional<String> controlGroup(String controller) {
        return host.read(path("cgroup")).flatMap(text -> text.lines().map(line -> line.split(":", 3))
            .filter(parts -> parts.length == 3 && (controller.isEmpty() ? parts[1].isEmpty()
                : List.of(parts[1].split(",")).contains(controller))).map(parts -> parts[2]).findFirst());
    }

    /** The options of a JVM: those of the environment, and of the command line before the main class; empty where they may not be read. */
    Optional<List<String>> javaOptions() {
        final Optional<String> environment = host.read(path("environ"));
        if (environment.isEmpty()) {
            return Optional.empty();
        }
        final Map<String, String> variables = new TreeMap<>();
        for (final String entry : environment.get().split("\0")) {
            final int equals = entry.indexOf('=');
            if (equals > 0) {
                variables.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        final List<String> options = new ArrayList<>();
        for (final String name : VARIABLES) {
            if (variables.containsKey(name)) {
                options.addAll(List.of(variables.get(name).strip().split("\\s+")));
            }
        }
        if (!pid.equals(SELF)) {
            final String[] words = host.read(path("cmdline")).orElse("").split("\0");
            for (int i = 1; i < words.length && (words[i].startsWith("-") || isValue(words[i - 1])); i++) {
                options.add(words[i]);
            }
        }
        return Optional.of(options);
    }

    private static boolean isValue(String before) {
        return List.of("-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "--add-exports", "--add-opens")
            .contains(before);
    }
}
