package io.accel.core.counters;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import io.accel.core.natives.RemovableLock;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The directory with one counters file, one state file and one lock file per process. The lock lives as long as its process: a file whose
 * lock is free is a dead one's. A lock file goes last, so no counters are without a lock. The state of a process that died stays for who
 * asks what happened: of a bounded number of them.
 */
final class CountersDirectory {
    static final String FILE = ".counters";
    static final String STATE = ".state";
    private static final String LOCK = ".lock";
    private static final String CAPTURE = ".capture";
    /** States of dead processes that are kept, the newest. */
    private static final int KEPT_STATES = 16;
    private static final int PRIVATE_DIRECTORY = 0040700;

    private static final String PREFIX = "accel-counters-";

    private final String path;
    private final int user;

    private CountersDirectory(String path, int user) {
        this.path = path;
        this.user = user;
    }

    static String path(Configuration configuration, int user) {
        return configuration.get(Options.SHM_DIRECTORY) + "/" + PREFIX + Integer.toUnsignedString(user);
    }

    /** This user's, and for root everybody's, as far as there are any; throws when one is not its user's alone. */
    static List<CountersDirectory> readable(Configuration configuration) throws IOException {
        final int self = Posix.effectiveUser();
        final List<CountersDirectory> directories = new ArrayList<>();
        final String[] names = new File(configuration.get(Options.SHM_DIRECTORY)).list((base, name) -> name.matches(PREFIX + "\\d{1,10}"));
        for (final String name : names == null ? new String[0] : names) {
            final int user = (int) Long.parseLong(name.substring(PREFIX.length()));
            if (self == 0 || self == user) {
                directories.add(checked(path(configuration, user), user));
            }
        }
        return directories;
    }

    String path() {
        return path;
    }

    /** User id of the owner. */
    int user() {
        return user;
    }

    /** Makes it if need be; throws when it is not ours alone. */
    static CountersDirectory open(Configuration configuration) throws IOException {
        final int user = Posix.effectiveUser();
        final String path = path(configuration, user);
        final int made = Posix.mkdir(path, 0700);
        if (made < 0 && made != -Errno.EEXIST) {
            throw new IOException("cannot make the directory " + path + ": " + Errno.text(made));
        }
        return checked(path, user);
    }

    private static CountersDirectory checked(String path, int user) throws IOException {
        if (Posix.ownerAndMode(path) != (Integer.toUnsignedLong(user) << 32 | PRIVATE_DIRECTORY)) {
            throw new IOException(path + " is not a directory of its user with mode 0700; remove it");
        }
        return new CountersDirectory(path, user);
    }

    String file(String name) {
        return path + "/" + name + FILE;
    }

    String state(String name) {
        return path + "/" + name + STATE;
    }

    /** Where a process shows its packets, and how it is asked to. */
    CaptureFiles capture(String name) {
        return new CaptureFiles(file(name), path + "/" + name + CAPTURE);
    }

    /** Takes the lock of a name: a descriptor, or less than 0 when the name is somebody else's or was just reaped. */
    int lock(String name) {
        return RemovableLock.take(path + "/" + name + LOCK);
    }

    /** What a process leaves that ends in order: nothing. */
    void remove(String name) {
        Posix.unlink(state(name));
        removeCounters(name);
    }

    private void removeCounters(String name) {
        Posix.unlink(file(name));
        Posix.unlink(capture(name).ring());
        Posix.unlink(state(name) + ".new");
        Posix.unlink(path + "/" + name + LOCK);
    }

    /** Removes what dead processes left, but for the states of the last. */
    void reap() {
        reap(KEPT_STATES);
    }

    /** @return how many processes' states were removed */
    int reap(int keptStates) {
        for (final File lock : files(LOCK)) {
            final String name = nameOf(lock, LOCK);
            if (!isAlive(name)) {
                final int fd = lock(name);
                if (fd >= 0) {
                    removeCounters(name);
                    Posix.close(fd);
                }
            }
        }
        final File[] dead = Arrays.stream(files(STATE)).filter(state -> !isAlive(nameOf(state, STATE)))
            .sorted(Comparator.comparingLong(File::lastModified).reversed()).toArray(File[]::new);
        int removed = 0;
        for (int i = keptStates; i < dead.length; i++) {
            removed += Posix.unlink(dead[i].getPath()) == 0 ? 1 : 0;
        }
        return removed;
    }

    /** Whether the process of a name holds its lock. */
    boolean isAlive(String name) {
        return Posix.isLocked(path + "/" + name + LOCK) == 1;
    }

    /** Those with an ending; none where the directory cannot be read. */
    File[] files(String ending) {
        final File[] files = new File(path).listFiles((directory, name) -> name.endsWith(ending));
        return files == null ? new File[0] : files;
    }

    static String nameOf(File file, String ending) {
        return file.getName().substring(0, file.getName().length() - ending.length());
    }
}
