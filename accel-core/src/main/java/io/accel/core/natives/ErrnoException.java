package io.accel.core.natives;

/** A system call that failed, and on what. Set-up only: the data path deals in values. */
public final class ErrnoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param on what it was about: a path, or what was to be made */
    public ErrnoException(int errno, String on) {
        super(on + ": " + Errno.text(errno), null, false, false);
        this.errno = errno;
    }

    /** Passes a result through, or throws what a negative one stands for. */
    public static int check(int result, String on) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(-result, on);
        }
        return result;
    }

    /** Positive, one of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
