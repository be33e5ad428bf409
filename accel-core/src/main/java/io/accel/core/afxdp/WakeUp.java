package io.accel.core.afxdp;

import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;

import java.util.List;

/**
 * One descriptor that is readable when any socket has a frame or somebody called {@link #signal}: an epoll instance over the sockets
 * and an eventfd. A socket is readable for as long as its RX ring holds something, so nothing has to be armed.
 */
final class WakeUp implements AutoCloseable {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;

    private final int epoll;
    private final int event;
    /** Whether the eventfd is readable; written under the lock, read outside of it to cost nothing when it is not. */
    private volatile boolean signalled;
    private boolean closed;

    WakeUp(List<Xsk> sockets) throws SetUpFailure {
        epoll = checked(Posix.epollCreate());
        event = Posix.eventFd();
        try {
            checked(event);
            checked(Posix.epollCtl(epoll, EPOLL_CTL_ADD, event, EPOLLIN, event));
            for (final Xsk socket : sockets) {
                checked(Posix.epollCtl(epoll, EPOLL_CTL_ADD, socket.fd(), EPOLLIN, socket.fd()));
            }
        } catch (final SetUpFailure e) {
            close();
            throw e;
        }
    }

    private static int checked(int result) throws SetUpFailure {
        if (result < 0) {
            throw new SetUpFailure(SetUpFailure.Step.WAKE_UP, -result);
        }
        return result;
    }

    int fd() {
        return epoll;
    }

    /** Makes the descriptor readable until {@link #consume}. Any thread. */
    synchronized void signal() {
        if (!closed && !signalled) {
            final int error = Posix.eventFdSignal(event);
            // EAGAIN: the counter is at its end, so it is readable.
            signalled = error == 0 || error == -Errno.EAGAIN;
        }
    }

    /** Takes a signal back: whether there was one. */
    boolean consume() {
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
