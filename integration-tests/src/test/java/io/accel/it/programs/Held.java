package io.accel.it.programs;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * What this process holds, as the kernel and the JVM count it.
 *
 * @param descriptors open file descriptors
 * @param threads     live Java threads
 * @param mappings    mappings of shared memory and of sockets' rings
 * @param files       files under /dev/shm in directories from which this process maps something
 * @param anonymousKb resident memory that is no file's: the heap, of a fixed size and touched before, what the JVM compiles, and malloc
 */
record Held(int descriptors, int threads, long mappings, long files, long anonymousKb) {
    /** What the JVM itself may come to need meanwhile; a kilobyte that each of 10,000 cycles leaves is more. */
    private static final long JVM_KB = 9_000;

    static Held now() throws IOException {
        final List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
        return new Held(new File("/proc/self/fd").list().length, ManagementFactory.getThreadMXBean().getThreadCount(),
            maps.stream().filter(line -> line.contains("/dev/shm/") || line.contains("anon_inode:") || line.contains("socket:")).count(),
            filesOf(maps), residentKb());
    }

    private static long filesOf(List<String> maps) throws IOException {
        long count = 0;
        for (final String directory : maps.stream().filter(line -> line.matches(".* /dev/shm/accel-[^ ]*/p-.*"))
            .map(line -> line.substring(line.indexOf('/')).replaceFirst("(/p-[^/]*)/.*", "$1")).distinct().toList()) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                count += files.count();
            }
        }
        return count;
    }

    private static long residentKb() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
        }
    }

    /** What is more than before, in words; or {@code nothing}. */
    String moreThan(Held before) {
        final StringJoiner more = new StringJoiner(", ");
        compare(more, "descriptors", before.descriptors, descriptors);
        compare(more, "threads", before.threads, threads);
        compare(more, "mappings", before.mappings, mappings);
        compare(more, "files", before.files, files);
        compare(more, "KiB of memory", before.anonymousKb + JVM_KB, anonymousKb);
        return more.length() == 0 ? "nothing" : more.toString();
    }

    private static void compare(StringJoiner more, String what, long before, long now) {
        if (now > before) {
            more.add(what + " " + now + " instead of " + before);
        }
    }
}
