package io.accel.core.counters;

import io.accel.core.config.Configuration;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The state files of processes, for who looks from outside: of this user's, and for root of everybody's. */
public final class StateFiles {
    private final Configuration configuration;

    /** @param configuration tells the directory */
    public StateFiles(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * One process's.
     *
     * @param user  user id of its owner
     * @param alive whether the process still runs; what it hangs in is another question
     * @param capture where it shows its packets
     */
    public record Entry(Path path, int user, boolean alive, CaptureFiles capture) {
    }

    /**
     * Those that are there and may be read, the oldest first.
     *
     * @throws IOException when a directory is not its user's alone
     */
    public List<Entry> list() throws IOException {
        final List<Entry> entries = new ArrayList<>();
        for (final CountersDirectory directory : CountersDirectory.readable(configuration)) {
            for (final File file : directory.files(CountersDirectory.STATE)) {
                final String name = CountersDirectory.nameOf(file, CountersDirectory.STATE);
                entries.add(new Entry(file.toPath(), directory.user(), directory.isAlive(name), directory.capture(name)));
            }
        }
        entries.sort(Comparator.comparingLong(entry -> entry.path().toFile().lastModified()));
        return entries;
    }

    /**
     * This user's directory, made if need be, for what a tool keeps of processes: nobody else can write there.
     *
     * @throws IOException when it is not this user's alone
     */
    public Path own() throws IOException {
        return Path.of(CountersDirectory.open(configuration).path());
    }

    /**
     * Removes all that dead processes of this user left.
     *
     * @return of how many
     */
    public int reap() throws IOException {
        return CountersDirectory.open(configuration).reap(0);
    }
}
