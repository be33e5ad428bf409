package io.accel.udp.wait;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import java.io.IOException;

/**
 * An epoll instance with a wake-up descriptor in it: where a selector, a blocked reader or a service thread sleeps. Waiting is the
 * owner thread's, {@link #wakeup} anybody's; registrations may come from any thread.
 */
public final class Sleeper implements AutoCloseable {
    /** EPOLLIN of sys/epoll.h. */
    public static final int READABLE = 0x001;
    /** EPOLLOUT. */
    public static final int WRITABLE = 0x004;
    /** EPOLLONESHOT. */
    public static final int ONE_SHOT = 1 << 30;

    /** What one epoll_wait of the native library returns at most. */
    public static final int MAX_EVENTS = 1024;

    /** EPOLLET; alone, it reports errors only (EPOLLERR and EPOLLHUP always are), each once. */
    public static final int EDGE_TRIGGERED = 1 << 31;

    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int RECORD_BYTES = 16;
    private static final int DATA_OFFSET = 8;
    private static final long WAKEUP = -1;

    private final int epoll;
    private final int eventFd;
    private final int maxEvents;
    private final long events;
    private final Object wakeLock = new Object();
    private final String purpose;
    private volatile boolean signalled;
    private volatile String owner;
    private volatile boolean asleep;
    private boolean closed;

    /** @param maxEvents records that one {@link #await} returns at most, the others come with the next; 2 to {@link #MAX_EVENTS} */
    public Sleeper(int maxEvents) throws IOException {
        this(maxEvents, "");
    }

    /** @param purpose what for somebody sleeps here, for who looks from outside; "": nobody is to know */
    public Sleeper(int maxEvents, String purpose) throws IOException {
        this.maxEvents = maxEvents;
        this.purpose = purpose;
        events = Memory.allocateAligned((long) maxEvents * RECORD_BYTES, 64);
        int poll = -1;
        int event = -1;
        try {
            poll = checked(Posix.epollCreate(), "epoll_create1");
            event = checked(Posix.eventFd(), "eventfd");
            checked(Posix.epollCtl(poll, ADD, event, READABLE, WAKEUP), "epoll_ctl");
        } catch (final IOException e) {
            Memory.freeAligned(events);
            if (poll >= 0) {
                Posix.close(poll);
            }
            if (event >= 0) {
                Posix.close(event);
            }
            throw e;
        }
        epoll = poll;
        eventFd = event;
        if (!purpose.isEmpty()) {
            Attendance.enter(this);
        }
    }

    /** The epoll descriptor, which polls readable when there is something to wake for. */
    public int fd() {
        return epoll;
    }

    /**
     * Watches a descriptor.
     *
     * @param data 0 or more; what {@link #data} answers for its events
     */
    public void add(int fd, int interest, long data) throws IOException {
        checked(Posix.epollCtl(epoll, ADD, fd, interest, data), "epoll_ctl ADD");
    }

    public void modify(int fd, int interest, long data) throws IOException {
        checked(Posix.epollCtl(epoll, MODIFY, fd, interest, data), "epoll_ctl MOD");
    }

    /** Stops watching; a descriptor that is not watched is no error, since closing one takes it out. */
    public void remove(int fd) {
        Posix.epollCtl(epoll, DELETE, fd, 0, 0);
    }

    /** Makes the running or the next {@link #await} return; several are one. Nothing happens after {@link #close}. */
    public void wakeup() {
        synchronized (wakeLock) {
            if (!signalled && !closed) {
                Posix.eventFdSignal(eventFd);
                signalled = true;
            }
        }
    }

    /**
     * Waits for events, or a wake-up, which it consumes.
     *
     * @param timeoutNanos less than 0: for ever; 0: only looks
     * @return records that {@link #data} and {@link #ready} answer for, wake-ups not among them
     */
    public int await(long timeoutNanos) throws IOException {
        final int n = timeoutNanos == 0 ? Posix.epollWait(epoll, events, maxEvents, 0) : sleep(timeoutNanos);
        if (n < 0) {
            if (n == -Errno.EINTR) {
                return 0;
            }
            throw new IOException("epoll_wait: " + Errno.text(n));
        }
        return withoutWakeup(n);
    }

    private int sleep(long timeoutNanos) {
        owner = Thread.currentThread().getName();
        asleep = true;
        try {
            return Posix.epollWait(epoll, events, maxEvents, timeoutNanos);
        } finally {
            asleep = false;
        }
    }

    /** What for somebody sleeps here. */
    public String purpose() {
        return purpose;
    }

    /** Name of the thread that slept here last, or null. Any thread. */
    public String owner() {
        return owner;
    }

    /** Whether it does at this moment. Any thread. */
    public boolean isAsleep() {
        return asleep;
    }

    /** Whether a wake-up is waiting to be consumed. */
    public boolean isSignalled() {
        return signalled;
    }

    /** Forgets a wake-up that has not been consumed. */
    public void clearWakeup() {
        if (signalled) {
            drain();
        }
    }

    /** The data of a record of the last {@link #await}. */
    public long data(int index) {
        return Memory.getLong(events + (long) index * RECORD_BYTES + DATA_OFFSET);
    }

    /** The epoll events of a record of the last {@link #await}. */
    public int ready(int index) {
        return Memory.getInt(events + (long) index * RECORD_BYTES);
    }

    private int withoutWakeup(int n) {
        for (int i = 0; i < n; i++) {
            if (data(i) == WAKEUP) {
                drain();
                final long last = events + (n - 1L) * RECORD_BYTES;
                Memory.copy(last, events + (long) i * RECORD_BYTES, RECORD_BYTES);
                return n - 1;
            }
        }
        return n;
    }

    private void drain() {
        synchronized (wakeLock) {
            Posix.eventFdDrain(eventFd);
            signalled = false;
        }
    }

    /** Nobody may be in {@link #await}; a late {@link #wakeup} is harmless. Idempotent. */
    @Override
    public void close() {
        // A wake-up must not go to a descriptor that has the number of ours by then.
        synchronized (wakeLock) {
            if (!closed) {
                closed = true;
                Attendance.leave(this);
                Posix.close(epoll);
                Posix.close(eventFd);
                Memory.freeAligned(events);
            }
        }
    }

    private static int checked(int result, String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + Errno.text(result));
        }
        return result;
    }
}
