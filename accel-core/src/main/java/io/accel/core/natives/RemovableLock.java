package io.accel.core.natives;

/** A lock on a file that whoever holds the lock may remove: it counts only while the file is still there. */
public final class RemovableLock {
    private static final String DELETED = " (deleted)";

    private RemovableLock() {
    }

    /**
     * One attempt, without waiting; makes the file if need be.
     *
     * @return a descriptor whose close gives the lock back, or negative errno: EAGAIN when another has it or has just removed the file
     */
    public static int take(String path) {
        final int fd = Posix.lockFile(path);
        if (fd >= 0) {
            final String target = Posix.readlink("/proc/self/fd/" + fd);
            if (target == null || target.endsWith(DELETED)) {
                Posix.close(fd);
                return -Errno.EAGAIN;
            }
        }
        return fd;
    }
}
