package io.accel.core.shm;

import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import java.io.File;

/** Removes what dead processes left. */
final class Reaper {
    private static final int EISDIR = 21;
    private static final int DEPTH = 4;

    private final ShmRoot root;
    private final NameDirectory names;

    Reaper(ShmRoot root, NameDirectory names) {
        this.root = root;
        this.names = names;
    }

    /** Looks for the dead, and removes them unless somebody else holds the root's lock and may be doing just that. */
    void reap() {
        for (final long id : root.processes()) {
            if (!ShmProcess.isAlive(root.processDirectory(id))) {
                final int lock = root.lock();
                if (lock < 0) {
                    return;
                }
                try {
                    reapAll();
                } finally {
                    Posix.close(lock);
                }
                return;
            }
        }
    }

    /** Under the root's lock, so that a process which is just being set up is not taken for a dead one. */
    void reapAll() {
        boolean any = false;
        for (final long id : root.processes()) {
            final String directory = root.processDirectory(id);
            if (!ShmProcess.isAlive(directory)) {
                remove(directory, DEPTH);
                any = true;
            }
        }
        if (any) {
            names.changedAltogether();
        }
    }

    /** Removes a file, a link or a directory with what is in it. */
    static void remove(String path, int depth) {
        final int result = Posix.unlink(path);
        if ((result == -EISDIR || result == -Errno.EPERM) && depth > 0) {
            final String[] entries = new File(path).list();
            if (entries != null) {
                for (final String entry : entries) {
                    remove(path + "/" + entry, depth - 1);
                }
            }
            Posix.rmdir(path);
        }
    }

    /** Removes a process's own directory. */
    static void removeProcess(String directory) {
        remove(directory, DEPTH);
    }
}
