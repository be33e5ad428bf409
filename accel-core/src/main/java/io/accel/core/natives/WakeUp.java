package io.accel.core.natives;

/**
 * One descriptor that is readable when any of a VI's own is, or when somebody called {@link #signal}: an epoll instance over them and an
 * eventfd.
 */
public final class WakeUp implements AutoCloseable {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;
    private static final String WHAT = "the wake-up descriptor";

    private final int epoll;
    private final int event;
    /** Whether the eventfd is readable; written under the lock, read outside of it to cost nothing when it is not. */
    private volatile boolean signalled;
    private boolean closed;

    /** @param descriptors that polling for input is told of; they stay the caller's, and open for as long as this is */
    public WakeUp(int... descriptors) throws ErrnoException {
        epoll = ErrnoException.check(Posix.epollCreate(), WHAT);
        event = Posix.eventFd();
        try {
            ErrnoException.check(event, WHAT);
            ErrnoException.check(Posix.epollCtl(epoll, EPOLL_CTL_ADD, event, EPOLLIN, event), WHAT);
            for (final int descriptor : descriptors) {
                ErrnoException.check(Posix.epollCtl(epoll, EPOLL_CTL_ADD, descriptor, EPOLLIN, descriptor), WHAT);
            }
        } catch (final ErrnoException e) {
            close();
            throw e;
        }
    }

    public int fd() {
        return epoll;
    }

    /** Makes the descriptor readable until {@link #consume}. Any thread. */
    public synchronized void signal() {
        if (!closed && !signalled) {
            final int error = Posix.eventFdSignal(event);
            // EAGAIN: the counter is at its end, so it is readable.
            signalled = error == 0 || error == -Errno.EAGAIN;
        }
    }

    /** Takes a signal back: whether there was one. */
    public boolean consume() {
        return signalled && consumeSignal();
    }

    private synchronized boolean consumeSignal() {
        if (closed || !signalled) {
            return false;
        }
        signalled = false;
        Posix.eventFdDrain(event);
        return true;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (event >= 0) {
                Posix.close(event);
            }
            Posix.close(epoll);
        }
    }
}
