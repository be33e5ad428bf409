package io.accel.nio;

import io.accel.udp.flight.FlightEvents;
import io.accel.udp.wait.Sleeper;
import java.io.FileDescriptor;
import java.io.IOException;
import sun.nio.ch.IOUtil;
import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * Waits in a {@link Sleeper} such that a virtual thread unmounts meanwhile: {@link SelChImpl#park} on the epoll's own descriptor, which
 * polls readable when the epoll has events (JDK 21 and later; a virtual thread blocked in native code would keep its carrier).
 */
final class Parking implements SelChImpl {
    private final Sleeper sleeper;
    private final FileDescriptor fd;

    Parking(Sleeper sleeper) {
        this.sleeper = sleeper;
        this.fd = IOUtil.newFD(sleeper.fd());
    }

    /** As {@link Sleeper#await}. */
    int await(long timeoutNanos) throws IOException {
        if (timeoutNanos == 0 || !FlightEvents.on()) {
            return sleep(timeoutNanos);
        }
        final Object asleep = FlightEvents.asleep();
        final int events = sleep(timeoutNanos);
        FlightEvents.awake(asleep);
        return events;
    }

    private int sleep(long timeoutNanos) throws IOException {
        if (timeoutNanos == 0 || !JdkInternals.isVirtualThread()) {
            return sleeper.await(timeoutNanos);
        }
        park(Net.POLLIN, Math.max(timeoutNanos, 0));
        return sleeper.await(0);
    }

    @Override
    public FileDescriptor getFD() {
        return fd;
    }

    @Override
    public int getFDVal() {
        return sleeper.fd();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // The sleeper's owner closes it.
    }

    @Override
    public void kill() {
        // Never registered with a selector.
    }

    @Override
    public int translateInterestOps(int ops) {
        throw new UnsupportedOperationException("not selectable");
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        throw new UnsupportedOperationException("not selectable");
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        throw new UnsupportedOperationException("not selectable");
    }
}
