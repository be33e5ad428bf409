package io.accel.core.shm;

import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import java.io.File;

/** Removes what dead processes left. */
final class Reaper {
    private static final int EISDIR = 21;
    /** Deepest that anything of ours lies under a directory that is to go. */
    static final int DEPTH = 4;

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

    /**
     * Removes what was left by processes that were killed in other network namespaces, where perhaps nobody will ever run again. A
     * directory in which a process lives is its own affair.
     */
    static void reapOtherNamespaces(ShmRoot own) {
        for (final ShmRoot other : own.others()) {
            if (isAnyAlive(other)) {
                continue;
            }
            final int lock = other.lock();
            if (lock >= 0) {
                // Whoever comes into being now waits for the lock, and then finds that its file is gone.
                if (!isAnyAlive(other)) {
                    for (final long id : other.processes()) {
                        removeProcess(other.processDirectory(id));
                    }
                    other.removeIfUnused();
                }
                Posix.close(lock);
            }
        }
    }

    private static boolean isAnyAlive(ShmRoot root) {
        for (final long id : root.processes()) {
            if (ShmProcess.isAlive(root.processDirectory(id))) {
                return true;
            }
        }
        return false;
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
