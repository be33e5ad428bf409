package io.accel.core.pair;

import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;

/**
 * The eventfd that wakes a sleeping receiver. Its calls exclude each other, so that nobody writes to a number that has been closed and
 * given to another file meanwhile; they happen around a sleep only.
 */
final class WakeDescriptor {
    private int fd;
    private boolean woken;

    WakeDescriptor() {
        fd = Posix.eventFd();
        if (fd < 0) {
            throw new IllegalStateException("eventfd: " + Errno.text(fd));
        }
    }

    synchronized int fd() {
        return fd;
    }

    synchronized void signal() {
        if (fd >= 0) {
            Posix.eventFdSignal(fd);
        }
    }

    /** A signal that a following {@link #clear} tells of. */
    synchronized void wake() {
        woken = true;
        signal();
    }

    /** Makes the descriptor unreadable again: true if {@link #wake} was called since the last time. */
    synchronized boolean clear() {
        if (fd >= 0) {
            Posix.eventFdDrain(fd);
        }
        final boolean result = woken;
        woken = false;
        return result;
    }

    synchronized void close() {
        if (fd >= 0) {
            Posix.close(fd);
            fd = -1;
        }
    }
}
