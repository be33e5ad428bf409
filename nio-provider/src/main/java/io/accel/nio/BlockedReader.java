package io.accel.nio;

import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.shm.ShmWaiter;
import io.accel.udp.endpoint.ReadyListener;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.poll.WatchedInterfaces;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * How a thread waits for one channel: it spins for {@code accel.spin.micros}, then primes what may bring a datagram, looks once more,
 * and sleeps in an epoll that holds the shadow, the message medium's waiter and the interfaces. Made at the first blocking receive;
 * used by the holder of the read lock, woken by anybody.
 */
final class BlockedReader implements ReadyListener, AutoCloseable {
    /** A sender killed between publishing and waking costs this at most. */
    private static final long MAX_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int SPINS_PER_CLOCK = 32;
    private static final int MAX_EVENTS = 16;
    private static final long SHADOW = 1;
    private static final long WAITER = 2;
    private static final long INTERFACE = 3;

    private final UdpSocket socket;
    private final UdpEndpoint endpoint;
    private final long spinNanos;
    private final Sleeper sleeper = new Sleeper(MAX_EVENTS, "blocking receive");
    private final Parking parking = new Parking(sleeper);
    private final WatchedInterfaces interfaces = new WatchedInterfaces(sleeper, INTERFACE);
    private ShmWaiter waiter;
    private volatile boolean sleeping;

    BlockedReader(UdpSocket socket) throws IOException {
        this.socket = socket;
        this.endpoint = socket.endpoint();
        this.spinNanos = TimeUnit.MICROSECONDS.toNanos(socket.stack().configuration().get(Options.SPIN_MICROS));
        boolean ready = false;
        try {
            sleeper.add(socket.shadow().fd(), Sleeper.READABLE, SHADOW);
            if (endpoint.messages() != null) {
                waiter = socket.stack().messages().openWaiter();
                sleeper.add(waiter.fd(), Sleeper.READABLE, WAITER);
            }
            ready = true;
        } catch (final DatapathException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            if (!ready) {
                close();
            }
        }
        endpoint.addListener(this);
    }

    /**
     * Waits until there may be a datagram, or {@link #wakeup} was called, or the time is up.
     *
     * @param deadlineNanos by {@link System#nanoTime}; ignored unless {@code timed}
     * @return false: the time is up
     */
    boolean await(boolean timed, long deadlineNanos) throws IOException {
        if (spin(timed, deadlineNanos)) {
            return true;
        }
        final long left = timed ? deadlineNanos - System.nanoTime() : MAX_SLEEP_NANOS;
        if (left <= 0) {
            return false;
        }
        sleep(Math.min(left, MAX_SLEEP_NANOS));
        return true;
    }

    private boolean spin(boolean timed, long deadlineNanos) {
        if (spinNanos == 0 || socket.watch().isHot()) {
            // The kernel's datagrams are heard in the sleep only.
            return isReady();
        }
        final long start = System.nanoTime();
        long now = start;
        while (now - start < spinNanos && !(timed && now - deadlineNanos >= 0)) {
            for (int i = 0; i < SPINS_PER_CLOCK; i++) {
                if (isReady() || sleeper.isSignalled()) {
                    return true;
                }
                Thread.onSpinWait();
            }
            now = System.nanoTime();
        }
        return false;
    }

    private boolean isReady() {
        endpoint.pollInterfaces();
        return endpoint.hasPending() || socket.watch().isReadable();
    }

    private void sleep(long nanos) throws IOException {
        final ShmVirtualInterface vi = endpoint.messages();
        final boolean armed = vi == null || vi.arm(waiter);
        boolean waiterReady = false;
        sleeping = true;
        try {
            // An interface that comes after this look wakes the sleep that begins.
            interfaces.refresh(endpoint.interfaces());
            if (vi != null && waiter.prepareSleep(vi) || interfaces.prime() || isReady()) {
                return;
            }
            // A fifth waiter on one VI is told of nothing: it looks often.
            final int n = parking.await(armed ? nanos : Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
            for (int i = 0; i < n; i++) {
                if (sleeper.data(i) == SHADOW) {
                    socket.watch().markReadable();
                }
                waiterReady |= sleeper.data(i) == WAITER;
            }
        } finally {
            sleeping = false;
            if (vi != null) {
                waiter.awake(waiterReady);
                vi.disarm(waiter);
                collect(socket.stack().messages());
            }
        }
    }

    /** Marks that senders left for other channels meanwhile are theirs to hear of. */
    static void collect(ShmDomain messages) {
        messages.collectReady(BlockedReader::signal);
    }

    private static void signal(ShmVirtualInterface vi) {
        if (vi.attachment() instanceof UdpEndpoint marked) {
            marked.signal();
        }
    }

    @Override
    public void onReady(UdpEndpoint ready) {
        if (sleeping) {
            sleeper.wakeup();
        }
    }

    /** Ends the wait. Any thread. */
    void wakeup() {
        sleeper.wakeup();
    }

    /** The read side has been left for good. */
    @Override
    public void close() {
        endpoint.removeListener(this);
        if (waiter != null) {
            waiter.close();
        }
        sleeper.close();
    }
}
