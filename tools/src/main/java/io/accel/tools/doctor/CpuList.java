package io.accel.tools.doctor;

import io.accel.tools.run.Machine;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** CPUs as the kernel lists them: {@code 0-3,8}. */
record CpuList(SortedSet<Integer> cpus) {
    static CpuList parse(String list) {
        return new CpuList(new TreeSet<>(list.isBlank() ? java.util.List.of() : Machine.parseList(list.strip())));
    }

    boolean isEmpty() {
        return cpus.isEmpty();
    }

    boolean meets(CpuList other) {
        return cpus.stream().anyMatch(other.cpus::contains);
    }

    static String text(Collection<Integer> cpus) {
        final StringBuilder text = new StringBuilder();
        int from = -1;
        int to = -1;
        for (final int cpu : new TreeSet<>(cpus)) {
            if (from >= 0 && cpu == to + 1) {
                to = cpu;
                continue;
            }
            append(text, from, to);
            from = cpu;
            to = cpu;
        }
        append(text, from, to);
        return text.toString();
    }

    private static void append(StringBuilder text, int from, int to) {
        if (from >= 0) {
            text.append(text.isEmpty() ? "" : ",").append(from).append(to > from ? "-" + to : "");
        }
    }

    @Override
    public String toString() {
        return text(cpus);
    }
}
