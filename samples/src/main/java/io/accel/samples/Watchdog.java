package io.accel.samples;

import java.util.concurrent.locks.LockSupport;

/** Acts when a program has made no progress for a while: the time limit of blocking receives, which have none themselves. */
final class Watchdog implements Runnable {
    private final Port port;
    private final long limitNanos;
    private final Runnable onStall;
    private volatile long progress;

    private Watchdog(Port port, long limitNanos, Runnable onStall) {
        this.port = port;
        this.limitNanos = limitNanos;
        this.onStall = onStall;
    }

    /** Starts the daemon thread that watches until the port is closed, and acts once for each limit that passes without progress. */
    static Watchdog start(Port port, long limitNanos, Runnable onStall) {
        final Watchdog watchdog = new Watchdog(port, limitNanos, onStall);
        final Thread thread = new Thread(watchdog, "watchdog");
        thread.setDaemon(true);
        thread.start();
        return watchdog;
    }

    /** Tells that the program is alive; from one thread. */
    void progress() {
        progress = progress + 1;
    }

    @Override
    public void run() {
        long last = -1;
        long since = System.nanoTime();
        while (port.isOpen()) {
            if (progress != last) {
                last = progress;
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= limitNanos) {
                onStall.run();
                since = System.nanoTime();
            }
            LockSupport.parkNanos(limitNanos / 8);
        }
    }
}
