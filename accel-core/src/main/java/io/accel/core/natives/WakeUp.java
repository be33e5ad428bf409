package io.accel.core.natives;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * One descriptor that is readable when any of a VI's own is, while they are watched, or when somebody called {@link #signal}: an epoll
 * instance over them and an eventfd. Who sleeps on it after {@link #arm} is woken by either.
 */
public final class WakeUp implements AutoCloseable {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final String WHAT = "the wake-up descriptor";
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final int epoll;
    private final int event;
    private final int[] descriptors;
    /** Written under the lock, read outside of it to cost nothing when it is so already. */
    private volatile boolean watching;
    private boolean toldOfRefusal;
    /** Whether the eventfd is readable; written under the lock, read outside of it to cost nothing when it is not. */
    private volatile boolean signalled;
    private boolean closed;

    /** @param descriptors watched from now on; they stay the caller's, and open for as long as this is */
    public WakeUp(int... descriptors) throws ErrnoException {
        this.descriptors = descriptors.clone();
        epoll = ErrnoException.check(Posix.epollCreate(), WHAT);
        event = Posix.eventFd();
        try {
            ErrnoException.check(event, WHAT);
            ErrnoException.check(Posix.epollCtl(epoll, EPOLL_CTL_ADD, event, EPOLLIN, event), WHAT);
            ErrnoException.check(watch(), WHAT);
        } catch (final ErrnoException e) {
            close();
            throw e;
        }
    }

    public int fd() {
        return epoll;
    }

    /**
     * For who is about to sleep: watches the descriptors and takes a signal back. Both in one step: of several who sleep, one may take back
     * what was to wake the others, and they are woken by the descriptors then. Any thread.
     *
     * @return whether not to sleep: there was a signal, or the descriptors cannot be watched, which is logged once
     */
    public synchronized boolean arm() {
        final int error = watch();
        if (error == 0) {
            return consume();
        }
        if (!toldOfRefusal) {
            toldOfRefusal = true;
            LOGGER.log(Level.WARNING, "who waits spins, since the kernel does not watch an interface for it: {0}", Errno.text(error));
        }
        return true;
    }

    /** All, or none. @return 0, or negative errno */
    private synchronized int watch() {
        if (closed || watching) {
            return 0;
        }
        for (final int descriptor : descriptors) {
            final int error = Posix.epollCtl(epoll, EPOLL_CTL_ADD, descriptor, EPOLLIN, descriptor);
            if (error < 0) {
                takeOut();
                return error;
            }
        }
        watching = true;
        return 0;
    }

    /**
     * Watches them no more until {@link #arm}, and wakes who sleeps, to do so. The kernel calls back for each packet of a descriptor that
     * is watched, sent ones included, which may take as long as all else that it does for the packet. Any thread.
     */
    public void unwatch() {
        if (watching) {
            unwatchAll();
        }
    }

    private synchronized void unwatchAll() {
        if (closed || !watching) {
            return;
        }
        watching = false;
        takeOut();
        signal();
    }

    private void takeOut() {
        for (final int descriptor : descriptors) {
            Posix.epollCtl(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
        }
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
