package io.accel.core.shm;

import io.accel.core.natives.Errno;

/** A system call that failed, on a path. Set-up only: the data path deals in values. */
final class ErrnoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    ErrnoException(int errno, String path) {
        super(path + ": " + Errno.text(errno), null, false, false);
        this.errno = errno;
    }

    /** Passes a result through, or throws what a negative one stands for. */
    static int check(int result, String path) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(-result, path);
        }
        return result;
    }

    /** Positive, one of {@link Errno}. */
    int errno() {
        return errno;
    }
}
