package io.accel.nio;

import java.io.File;

/** What this process holds, as the kernel counts it. */
final class Resources {
    private Resources() {
    }

    static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    static int threads() {
        return new File("/proc/self/task").list().length;
    }

    /** Mappings of files under /dev/shm, those included that have no name any more. */
    static long sharedMappings() throws java.io.IOException {
        try (var lines = java.nio.file.Files.lines(java.nio.file.Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/dev/shm/")).count();
        }
    }
}
