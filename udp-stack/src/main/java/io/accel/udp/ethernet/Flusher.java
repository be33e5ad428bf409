package io.accel.udp.ethernet;

import io.accel.core.natives.Posix;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Rings the doorbells that were put off, within 50 µs while bursts go on, and sleeps when there are none. One thread for all
 * interfaces, started by the first burst.
 */
public final class Flusher implements AutoCloseable {
    private static final long TICK_NANOS = 45_000;
    private static final long TIMER_SLACK_NANOS = 1_000;

    private final List<EthernetInterface> bursting = new CopyOnWriteArrayList<>();
    private Thread thread;
    private volatile boolean closed;

    /** Sender: ticks this interface until its burst is over. */
    synchronized void start(EthernetInterface each) {
        if (closed) {
            return;
        }
        bursting.add(each);
        if (thread == null) {
            thread = new Thread(this::run, "accel-flusher");
            thread.setDaemon(true);
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        // The kernel rounds sleeps up by the thread's slack, 50 µs unless asked otherwise (prctl(2)).
        Posix.setTimerSlack(TIMER_SLACK_NANOS);
        while (!closed) {
            if (bursting.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
                for (final EthernetInterface each : bursting) {
                    each.flush();
                    if (!each.moderator().tick()) {
                        bursting.remove(each);
                    }
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
