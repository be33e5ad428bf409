package io.accel.netty;

import io.accel.udp.poll.PolledSocket;
import io.accel.udp.socket.UdpSocket;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.internal.StringUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handle in a loop. All but {@link #cancel} and {@link #isValid} is the loop's thread's. */
final class AccelIoRegistration implements IoRegistration {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(AccelIoRegistration.class);

    private final AccelIoHandler handler;
    private final AccelIoHandle handle;
    private final PolledSocket polled;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private boolean bound;

    AccelIoRegistration(AccelIoHandler handler, AccelIoHandle handle) throws IOException {
        this.handler = handler;
        this.handle = handle;
        this.polled = handler.poller().add(handle.descriptor(), this);
        boolean ready = false;
        try {
            watchFastPath();
            ready = true;
        } finally {
            if (!ready) {
                handler.poller().remove(polled);
            }
        }
    }

    private void watchFastPath() throws IOException {
        final UdpSocket socket = bound ? null : handle.udpSocket();
        if (socket != null) {
            bound = true;
            handler.poller().bound(polled, socket);
        }
    }

    void handle(int events) {
        try {
            handle.handle(this, AccelIoOps.event(events));
        } catch (final RuntimeException e) {
            // The other handles of the loop are not to suffer.
            LOGGER.warn("{} failed to handle an event", handle, e);
        }
    }

    /** Nothing: what a handle needs it brings with it. */
    @Override
    public <T> T attachment() {
        return null;
    }

    @Override
    public long submit(IoOps ops) {
        if (!(ops instanceof AccelIoOps ours)) {
            throw new IllegalArgumentException("IoOps of type " + StringUtil.simpleClassName(ops) + " not supported");
        }
        if (!isValid()) {
            return -1;
        }
        try {
            watchFastPath();
            handler.poller().interest(polled, ours.interest());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return ours.value();
    }

    @Override
    public boolean isValid() {
        return !cancelled.get();
    }

    @Override
    public boolean cancel() {
        if (!cancelled.compareAndSet(false, true)) {
            return false;
        }
        if (handler.executor().isExecutorThread(Thread.currentThread())) {
            leave();
        } else {
            handler.executor().execute(this::leave);
        }
        return true;
    }

    private void leave() {
        handler.poller().remove(polled);
        handler.cancelled(this);
        handle.unregistered();
    }

    /** The loop ends. */
    void close() {
        cancel();
        try {
            handle.close();
        } catch (final IOException | RuntimeException e) {
            LOGGER.warn("{} could not be closed with its loop", handle, e);
        }
    }
}
