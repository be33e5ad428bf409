package io.accel.core.counters;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import io.accel.core.natives.RemovableLock;
import java.io.File;
import java.io.IOException;

/**
 * The directory with one counters file and one lock file per process. The lock lives as long as its process: a file whose lock is free is
 * a dead one's. A lock file goes last, so none is without a lock.
 */
final class CountersDirectory {
    static final String FILE = ".counters";
    private static final String LOCK = ".lock";
    private static final int PRIVATE_DIRECTORY = 0040700;

    private final String path;

    private CountersDirectory(String path) {
        this.path = path;
    }

    static String path(Configuration configuration, int user) {
        return configuration.get(Options.SHM_DIRECTORY) + "/accel-counters-" + Integer.toUnsignedString(user);
    }

    /** Makes it if need be; throws when it is not ours alone. */
    static CountersDirectory open(Configuration configuration) throws IOException {
        final int user = Posix.effectiveUser();
        final String path = path(configuration, user);
        final int made = Posix.mkdir(path, 0700);
        if (made < 0 && made != -Errno.EEXIST) {
            throw new IOException("cannot make the directory " + path + ": " + Errno.text(made));
        }
        if (Posix.ownerAndMode(path) != (Integer.toUnsignedLong(user) << 32 | PRIVATE_DIRECTORY)) {
            throw new IOException(path + " is not a directory of this user with mode 0700; remove it");
        }
        return new CountersDirectory(path);
    }

    String file(String name) {
        return path + "/" + name + FILE;
    }

    /** Takes the lock of a name: a descriptor, or less than 0 when the name is somebody else's or was just reaped. */
    int lock(String name) {
        return RemovableLock.take(path + "/" + name + LOCK);
    }

    void remove(String name) {
        Posix.unlink(file(name));
        Posix.unlink(path + "/" + name + LOCK);
    }

    /** Removes what dead processes left. */
    void reap() {
        final String[] locks = new File(path).list((directory, name) -> name.endsWith(LOCK));
        if (locks == null) {
            return;
        }
        for (final String lock : locks) {
            final String name = lock.substring(0, lock.length() - LOCK.length());
            if (Posix.isLocked(path + "/" + lock) == 0) {
                final int fd = lock(name);
                if (fd >= 0) {
                    remove(name);
                    Posix.close(fd);
                }
            }
        }
    }
}
