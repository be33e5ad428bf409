package io.accel.udp.socket;

import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread that sleeps where nobody else does: on the shadows of cold channels, on the kernel's events, and from one second to
 * the next for what has to be looked at now and then.
 */
public final class Watcher implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long EVENTS_ID = 0;

    private final Sleeper sleeper;
    private final Runnable onEvents;
    private final Runnable onTick;
    private final ConcurrentHashMap<Long, ShadowWatch> watches = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(1);
    private final Thread thread = new Thread(this::run, "accel-watcher");
    private volatile boolean closed;

    /**
     * @param eventsFd polls readable when the kernel has events, which {@code onEvents} then takes
     * @param onTick   called once a second
     */
    public Watcher(int eventsFd, Runnable onEvents, Runnable onTick) throws IOException {
        this.sleeper = new Sleeper(Sleeper.MAX_EVENTS);
        this.onEvents = onEvents;
        this.onTick = onTick;
        try {
            sleeper.add(eventsFd, Sleeper.READABLE, EVENTS_ID);
        } catch (final IOException e) {
            sleeper.close();
            throw e;
        }
        thread.setDaemon(true);
        thread.start();
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

    void remove(int fd, long id) {
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
                if (System.nanoTime() - nextTick >= 0) {
                    nextTick = System.nanoTime() + TICK_NANOS;
                    onTick.run();
                }
            } catch (final IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, "the watcher goes on after a failure", e);
            }
        }
        sleeper.close();
    }

    private void handle(long id) {
        if (id == EVENTS_ID) {
            onEvents.run();
            return;
        }
        final ShadowWatch watch = watches.get(id);
        if (watch != null) {
            watch.markReadable();
        }
    }

    @Override
    public void close() {
        closed = true;
        sleeper.wakeup();
    }
}
