package io.accel.udp.socket;

import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread that sleeps where nobody else does: on the shadows of cold channels, on the errors of connected ones, on the kernel's
 * events, and from one second to the next for what has to be looked at now and then.
 */
public final class Watcher implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long EVENTS_ID = 0;
    private static final long ERRORS_ID = 1;

    private final Sleeper sleeper;
    /** Apart, as a descriptor can be in an epoll once: it tells of errors also while nobody waits for datagrams. */
    private final Sleeper errors;
    private final Runnable onEvents;
    private final Runnable onError;
    private final Runnable onTick;
    private final Runnable onCall;
    private volatile boolean called;
    private final ConcurrentHashMap<Long, ShadowWatch> watches = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(ERRORS_ID + 1);
    private final Thread thread = new Thread(this::run, "accel-watcher");
    private volatile boolean closed;

    /**
     * @param eventsFd polls readable when the kernel has events, which {@code onEvents} then takes
     * @param onError  called when the kernel has an error to tell of connected sockets that send past it; their watches know of it already
     * @param onTick   called once a second
     * @param onCall   called soon after {@link #call}
     */
    public Watcher(int eventsFd, Runnable onEvents, Runnable onError, Runnable onTick, Runnable onCall) throws IOException {
        this.errors = new Sleeper(Sleeper.MAX_EVENTS);
        this.sleeper = sleeperOver(eventsFd, errors);
        this.onEvents = onEvents;
        this.onError = onError;
        this.onTick = onTick;
        this.onCall = onCall;
        thread.setDaemon(true);
        thread.start();
    }

    private static Sleeper sleeperOver(int eventsFd, Sleeper errors) throws IOException {
        Sleeper made = null;
        try {
            made = new Sleeper(Sleeper.MAX_EVENTS);
            made.add(eventsFd, Sleeper.READABLE, EVENTS_ID);
            made.add(errors.fd(), Sleeper.READABLE, ERRORS_ID);
            return made;
        } catch (final IOException e) {
            errors.close();
            if (made != null) {
                made.close();
            }
            throw e;
        }
    }

    /** Something is not to wait for the next second. Any thread, also one that must not block. */
    public void call() {
        called = true;
        sleeper.wakeup();
    }

    long register(ShadowWatch watch) {
        final long id = nextId.getAndIncrement();
        watches.put(id, watch);
        return id;
    }

    /** Watches a descriptor until it is readable once. */
    void arm(int fd, long id) {
        try {
            try {
                sleeper.modify(fd, Sleeper.READABLE | Sleeper.ONE_SHOT, id);
            } catch (final IOException notYetAdded) {
                sleeper.add(fd, Sleeper.READABLE | Sleeper.ONE_SHOT, id);
            }
        } catch (final IOException e) {
            // Without a watch, looking every time is slow but right.
            LOGGER.log(Level.WARNING, "cannot watch a kernel socket, it is read at each receive instead: {0}", e.getMessage());
            watches.get(id).receivedFromKernel();
        }
    }

    /** Tells the watch of each error from now on; a socket has them while it is connected. */
    void watchErrors(int fd, long id) {
        try {
            // It may be watched since a connect before.
            errors.remove(fd);
            errors.add(fd, Sleeper.EDGE_TRIGGERED, id);
        } catch (final IOException e) {
            LOGGER.log(Level.WARNING, "errors of a connected socket are told by its receives only: {0}", e.getMessage());
        }
    }

    void ignoreErrors(int fd) {
        errors.remove(fd);
    }

    void remove(int fd, long id) {
        errors.remove(fd);
        sleeper.remove(fd);
        watches.remove(id);
    }

    private void run() {
        long nextTick = System.nanoTime() + TICK_NANOS;
        while (!closed) {
            try {
                final int n = sleeper.await(Math.max(nextTick - System.nanoTime(), 1));
                for (int i = 0; i < n; i++) {
                    handle(sleeper.data(i));
                }
                if (called) {
                    called = false;
                    onCall.run();
                }
                if (System.nanoTime() - nextTick >= 0) {
                    nextTick = System.nanoTime() + TICK_NANOS;
                    onTick.run();
                }
            } catch (final IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, "the watcher goes on after a failure", e);
            }
        }
        sleeper.close();
        errors.close();
    }

    private void handle(long id) throws IOException {
        if (id == EVENTS_ID) {
            onEvents.run();
            return;
        }
        if (id == ERRORS_ID) {
            tellErrors();
            return;
        }
        final ShadowWatch watch = watches.get(id);
        if (watch != null) {
            watch.markReadable();
        }
    }

    private void tellErrors() throws IOException {
        final int n = errors.await(0);
        boolean fast = false;
        for (int i = 0; i < n; i++) {
            final ShadowWatch watch = watches.get(errors.data(i));
            fast |= watch != null && watch.markFailed();
        }
        if (fast) {
            onError.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        sleeper.wakeup();
    }
}
