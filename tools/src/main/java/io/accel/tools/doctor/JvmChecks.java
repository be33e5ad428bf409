package io.accel.tools.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the JVM is told, by the environment or on the command line of the process that is looked at. */
record JvmChecks(ProcessFiles process) implements Check {
    private static final String CHECK = "JVM flags";

    @Override
    public List<Finding> findings() {
        final Optional<List<String>> options = process.javaOptions();
        if (options.isEmpty()) {
            return List.of(Finding.unseen(CHECK, "", "the process is another user's", "run this as root"));
        }
        final List<Finding> found = new ArrayList<>();
        final List<String> given = options.get();
        if (!process.pid().equals(ProcessFiles.SELF) && given.stream().noneMatch(JvmChecks::startsAccel)) {
            found.add(Finding.fail(CHECK, "", "neither the agent nor the provider is named: the program does not use Accel",
                "./accel run -- java .."));
        }
        slow(given, option -> option.equals("-Xint"), "every datagram is interpreted", found);
        slow(given, option -> option.matches("-XX:TieredStopAtLevel=[0-3]"), "the optimizing compiler is off", found);
        slow(given, option -> option.equals("-Xcheck:jni"), "every native call is checked", found);
        slow(given, option -> option.startsWith("-agentlib:jdwp"), "a debugger may stop the threads", found);
        slow(given, option -> option.equals("-Xdebug"), "a debugger may stop the threads", found);
        if (given.contains("--illegal-native-access=deny")
            && given.stream().noneMatch(option -> option.startsWith("--enable-native-access="))) {
            found.add(Finding.fail(CHECK, "", "--illegal-native-access=deny keeps the native library from being loaded",
                "--enable-native-access=ALL-UNNAMED"));
        }
        if (found.isEmpty()) {
            found.add(Finding.ok(CHECK, "", given.isEmpty() ? "none set" : given.size() + " set, none that slows datagrams down"));
        }
        return found;
    }

    private static boolean startsAccel(String option) {
        return option.startsWith("-javaagent:") && option.contains("accel.jar")
            || option.startsWith("-Djava.nio.channels.spi.SelectorProvider=io.accel.");
    }

    private static void slow(List<String> given, java.util.function.Predicate<String> is, String why, List<Finding> to) {
        given.stream().filter(is).forEach(option -> to.add(Finding.warn(CHECK, "", option + ": " + why, "leave it out in production")));
    }
}
