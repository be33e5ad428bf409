package io.accel.core.counters;

import io.accel.core.config.Configuration;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The state files of a user's processes, for who looks from outside. */
public final class StateFiles {
    private final CountersDirectory directory;

    private StateFiles(CountersDirectory directory) {
        this.directory = directory;
    }

    /** One process's. @param alive whether the process still runs; what it hangs in is another question */
    public record Entry(Path path, boolean alive) {
    }

    /**
     * Those of this user.
     *
     * @throws IOException when the directory is not this user's alone
     */
    public static StateFiles open(Configuration configuration) throws IOException {
        return new StateFiles(CountersDirectory.open(configuration));
    }

    /** Those that are there, the oldest first. */
    public List<Entry> list() {
        return Arrays.stream(directory.files(CountersDirectory.STATE)).sorted(Comparator.comparingLong(File::lastModified))
            .map(file -> new Entry(file.toPath(), directory.isAlive(CountersDirectory.nameOf(file, CountersDirectory.STATE)))).toList();
    }

    /** Removes all that dead processes left. @return of how many */
    public int reap() {
        return directory.reap(0);
    }
}
