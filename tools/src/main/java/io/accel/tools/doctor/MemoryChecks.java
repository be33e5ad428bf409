package io.accel.tools.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Memory that the datapaths lock, map and run from. */
record MemoryChecks(HostFiles host, ProcessFiles process, Wanted wanted) implements Check {
    private static final int CAP_IPC_LOCK = 14;
    private static final int MEBIBYTE = 1 << 20;
    /** Rings of 64 channels with the kernel's default receive buffer. */
    private static final long SHM_ENOUGH = 64L * MEBIBYTE;
    private static final String HUGE = "/sys/kernel/mm/transparent_hugepage/";

    @Override
    public List<Finding> findings() {
        return List.of(lockedMemory(), sharedMemory(), hugePages());
    }

    private Finding lockedMemory() {
        final long needed = wanted.lockedBytes();
        final String need = needed / MEBIBYTE + " MiB for the packet buffers";
        if (process.isCapable(CAP_IPC_LOCK)) {
            return Finding.ok("memlock", "", "CAP_IPC_LOCK lifts the limit; " + need);
        }
        final long limit = process.lockedMemoryLimit().orElse(0L);
        if (limit >= needed) {
            return Finding.ok("memlock", "", (limit == Long.MAX_VALUE ? "no limit" : limit / MEBIBYTE + " MiB") + "; " + need);
        }
        final String seen = "the limit is " + limit / 1024 + " KiB; AF_XDP takes " + need;
        final String remedy = "ulimit -l " + needed / 1024 + ", or in a systemd unit LimitMEMLOCK=infinity";
        return wanted.isNamed("afxdp") ? Finding.fail("memlock", "", seen, remedy) : Finding.warn("memlock", "", seen, remedy);
    }

    private Finding sharedMemory() {
        final String directory = wanted.shmDirectory();
        try {
            final var store = Files.getFileStore(host.at(directory));
            final long room = store.getUsableSpace();
            final String seen = directory + " has " + room / MEBIBYTE + " MiB free, on " + store.type();
            return room >= SHM_ENOUGH ? Finding.ok("shared memory", "", seen)
                : Finding.warn("shared memory", "", seen, "mount -o remount,size=1g " + directory + ", or docker run --shm-size=1g");
        } catch (final IOException e) {
            return Finding.fail("shared memory", "", directory + " cannot be used: " + e, "mount -t tmpfs tmpfs " + directory);
        }
    }

    private Finding hugePages() {
        final String free = host.field("/proc/meminfo", "HugePages_Free").orElse("0");
        final String transparent = chosen(host.read(HUGE + "enabled").orElse(""));
        final String seen = free + " free; transparent ones: " + (transparent.isEmpty() ? "none" : transparent);
        final List<String> options = process.javaOptions().orElse(List.of());
        if (options.contains("-XX:+UseLargePages") && free.equals("0")) {
            return Finding.warn("huge pages", "", seen + "; -XX:+UseLargePages finds none",
                "sysctl -w vm.nr_hugepages=N, N * 2 MiB for the heap");
        }
        if (transparent.equals("always") && chosen(host.read(HUGE + "defrag").orElse("")).equals("always")) {
            return Finding.warn("huge pages", "", seen + ", and a page fault may wait until memory is compacted", "echo madvise > " + HUGE
                + "defrag");
        }
        return Finding.ok("huge pages", "", seen);
    }

    /** The word in brackets. */
    private static String chosen(String choice) {
        final int at = choice.indexOf('[');
        return at < 0 ? "" : choice.substring(at + 1, choice.indexOf(']', at));
    }
}
