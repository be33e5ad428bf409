package io.accel.netty;

import io.accel.core.config.Options;
import io.accel.udp.poll.PolledSocket;
import io.accel.udp.poll.SocketPoller;
import io.accel.udp.stack.UdpStack;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.StringUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The I/O of an event loop: what its sockets have on the fast path and in the kernel. A loop with nothing to do spins for a while, if it
 * has fast sockets, then primes what may wake it and sleeps.
 */
public final class AccelIoHandler implements IoHandler {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(AccelIoHandler.class);
    private static final int SPINS_PER_CLOCK = 16;
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The loop runs, and looks for tasks before it waits. */
    private static final int AWAKE = 0;
    /** It spins: a wake-up is the change of this word. */
    private static final int SPINNING = 1;
    /** It sleeps: a wake-up is a descriptor's as well. */
    private static final int ASLEEP = 2;

    private final ThreadAwareExecutor executor;
    private final SocketPoller poller;
    private final long spinNanos;
    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final Set<AccelIoRegistration> registrations = new HashSet<>();

    private AccelIoHandler(ThreadAwareExecutor executor, UdpStack stack, long spinNanos) {
        this.executor = executor;
        this.spinNanos = spinNanos;
        try {
            this.poller = new SocketPoller(stack);
        } catch (final IOException e) {
            throw new ChannelException("an event loop got no descriptors", e);
        }
    }

    /**
     * For a {@code MultiThreadIoEventLoopGroup}; its loops spin for {@code accel.spin.micros} before they sleep.
     *
     * @throws UnsatisfiedLinkError when {@link Accel} is not available
     */
    public static IoHandlerFactory newFactory() {
        Accel.ensureAvailability();
        return factory(TimeUnit.MICROSECONDS.toNanos(Accel.stack().configuration().get(Options.SPIN_MICROS)));
    }

    /**
     * As {@link #newFactory()}, with a time of its own.
     *
     * @param spinMicros how long an idle loop spins before it sleeps, in microseconds; 0: it sleeps at once
     */
    public static IoHandlerFactory newFactory(int spinMicros) {
        if (spinMicros < 0) {
            throw new IllegalArgumentException("spinMicros " + spinMicros + " is negative");
        }
        Accel.ensureAvailability();
        return factory(TimeUnit.MICROSECONDS.toNanos(spinMicros));
    }

    private static IoHandlerFactory factory(long spinNanos) {
        return executor -> new AccelIoHandler(executor, Accel.stack(), spinNanos);
    }

    // ---- the loop

    @Override
    public int run(IoHandlerContext context) {
        try {
            final boolean any = poller.look() || context.canBlock() && await(context);
            return any ? handle(context) : idle(context);
        } catch (final IOException | RuntimeException e) {
            LOGGER.warn("an event loop goes on after a failure of its I/O", e);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
            return 0;
        }
    }

    private int handle(IoHandlerContext context) {
        if (!context.shouldReportActiveIoTime()) {
            return poller.handle(AccelIoHandler::ready);
        }
        final long start = System.nanoTime();
        final int handled = poller.handle(AccelIoHandler::ready);
        context.reportActiveIoTime(System.nanoTime() - start);
        return handled;
    }

    private static int idle(IoHandlerContext context) {
        if (context.shouldReportActiveIoTime()) {
            context.reportActiveIoTime(0);
        }
        return 0;
    }

    private static void ready(PolledSocket socket, int events) {
        ((AccelIoRegistration) socket.attachment()).handle(events);
    }

    /** Until something is ready, a task is there or due, or {@link #wakeup}. @return whether anything is ready */
    private boolean await(IoHandlerContext context) throws IOException {
        state.set(SPINNING);
        try {
            // A task that was added before this is seen here; who adds one after it sees the state.
            if (!context.canBlock()) {
                return false;
            }
            final long start = System.nanoTime();
            final long delay = context.delayNanos(start);
            if (spinNanos > 0 && poller.hasFast() && spin(start, Math.min(delay, spinNanos))) {
                return true;
            }
            final long left = delay - (System.nanoTime() - start);
            return left > 0 && state.compareAndSet(SPINNING, ASLEEP) && poller.sleep(left);
        } finally {
            state.set(AWAKE);
        }
    }

    private boolean spin(long start, long nanos) throws IOException {
        do {
            for (int i = 0; i < SPINS_PER_CLOCK; i++) {
                if (poller.lookFast()) {
                    return true;
                }
                if (state.get() == AWAKE) {
                    return false;
                }
                Thread.onSpinWait();
            }
            if (poller.look()) {
                return true;
            }
        } while (System.nanoTime() - start < nanos);
        return false;
    }

    @Override
    public void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread()) && state.getAndSet(AWAKE) == ASLEEP) {
            poller.wakeup();
        }
    }

    // ---- registrations

    @Override
    public IoRegistration register(IoHandle handle) throws IOException {
        if (!(handle instanceof AccelIoHandle ours)) {
            throw new IllegalArgumentException("IoHandle of type " + StringUtil.simpleClassName(handle) + " not supported");
        }
        final AccelIoRegistration made = new AccelIoRegistration(this, ours);
        registrations.add(made);
        ours.registered();
        return made;
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return AccelIoHandle.class.isAssignableFrom(handleType);
    }

    ThreadAwareExecutor executor() {
        return executor;
    }

    SocketPoller poller() {
        return poller;
    }

    void cancelled(AccelIoRegistration registration) {
        registrations.remove(registration);
    }

    @Override
    public void prepareToDestroy() {
        for (final AccelIoRegistration left : registrations.toArray(new AccelIoRegistration[0])) {
            left.close();
        }
    }

    @Override
    public void destroy() {
        poller.close();
    }
}
