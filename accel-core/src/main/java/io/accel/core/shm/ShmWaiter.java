package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;

/**
 * Where a thread sleeps until a sender wakes it: a descriptor to put into an epoll. One thread at a time; a sleep is to be capped at a
 * second, which bounds the delay when a sender is killed between publishing and waking.
 *
 * <pre>
 *   vi.arm(waiter)
 *   if (!waiter.prepareSleep()) {
 *       epoll wait, at most 1 s
 *       waiter.awake()
 *   }
 *   domain.collectReady(...)
 * </pre>
 */
public final class ShmWaiter implements AutoCloseable {
    private final ShmDomain domain;
    private final int number;
    private final int fd;
    private final long sleeping;
    private volatile boolean closed;

    ShmWaiter(ShmDomain domain, int number, int fd) {
        this.domain = domain;
        this.number = number;
        this.fd = fd;
        this.sleeping = domain.self().sleeping(number);
    }

    /** Readable when a sender woke this waiter; the waiter's own, open until {@link #close}. */
    public int fd() {
        return fd;
    }

    int number() {
        return number;
    }

    /**
     * Says that this thread is about to sleep.
     *
     * @return true: a VI of the domain is marked, or is just being collected by another thread; do not sleep, call
     *     {@link ShmDomain#collectReady}. false: sleep now, after a look at what other threads collected for this one
     */
    public boolean prepareSleep() {
        Memory.putIntVolatile(sleeping, 1);
        Memory.fullFence();
        return stay(domain.isAnyReady());
    }

    /**
     * Says that this thread is about to sleep for one VI, of which it is the receive owner, whatever the ready board holds.
     *
     * @return true: there is something to poll, do not sleep
     */
    public boolean prepareSleep(ShmVirtualInterface vi) {
        Memory.putIntVolatile(sleeping, 1);
        Memory.fullFence();
        return stay(vi.hasPending());
    }

    private boolean stay(boolean pending) {
        if (pending) {
            // A sender that was faster than this leaves a wake-up behind: one sleep later ends at once, and awake() drains it.
            Memory.putIntVolatile(sleeping, 0);
        }
        return pending;
    }

    /** Says that this thread no longer sleeps, and empties the descriptor. */
    public void awake() {
        awake(true);
    }

    /** As {@link #awake()}. @param readable whether the descriptor polled readable: only then a system call is due */
    public void awake(boolean readable) {
        Memory.putIntVolatile(sleeping, 0);
        if (readable) {
            Posix.unixDrain(fd);
        }
    }

    /** Makes the descriptor readable. Any thread. */
    public void wake() {
        if (!closed) {
            Posix.unixSignal(domain.signalSocket(), domain.self().waiterPath(number));
        }
    }

    /** Closes the descriptor; disarm the VIs first. Idempotent. */
    @Override
    public void close() {
        domain.close(this);
    }

    /** The domain's, once, before the number is anybody else's. */
    void closeSocket() {
        closed = true;
        Memory.putIntVolatile(sleeping, 0);
        Posix.close(fd);
        Posix.unlink(domain.self().waiterPath(number));
    }
}
