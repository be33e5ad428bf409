package io.accel.nio;

import io.accel.core.config.Options;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.shm.ShmWaiter;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.poll.WatchedInterfaces;
import io.accel.udp.stack.UdpStack;
import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sun.nio.ch.SelectionKeyImpl;
import sun.nio.ch.SelectorImpl;

/**
 * A real JDK selector whose select is ours: our channels by a ready list, kernel channels and shadows by an epoll of our own. Its cost
 * grows with what is ready, not with what is registered.
 *
 * <p>What has something for our channels: the message medium's ready board, interfaces that are polled here, and other threads that
 * poll (by {@link #enqueue}). While fast keys are ready the epoll, which costs ten times a fast select, is looked at every
 * {@value #SELECTS_PER_EPOLL} selects only, or when {@value #NANOS_PER_EPOLL} ns have passed; a select that spins looks every
 * {@value #SPINNING_NANOS_PER_EPOLL} ns, one that does not wait always when nothing of ours is ready.
 */
final class AccelSelector extends SelectorImpl {
    private static final int SELECTS_PER_EPOLL = 32;
    private static final long NANOS_PER_EPOLL = 50_000;
    private static final long SPINNING_NANOS_PER_EPOLL = 5_000;
    private static final int SPINS_PER_CLOCK = 16;
    private static final long MAX_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Where senders cannot tell: four others wait for the same channel already. */
    private static final long UNHEARD_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Epoll data below this is a kernel key's descriptor, or a shadow's; at and above it something to wake for. */
    private static final long WAKE_ONLY = 1L << 32;
    private static final long WAITER = WAKE_ONLY + 1;

    private final UdpStack stack;
    private final long spinNanos;
    private final SelectorDescriptors descriptors = SelectorDescriptors.of(this);
    private final Sleeper sleeper = descriptors.sleeper();
    private final Parking parking = new Parking(sleeper);
    private final KeyTable keys = new KeyTable();
    private final Deque<SelectionKeyImpl> updates = new ArrayDeque<>();
    private final ReadyStack news = new ReadyStack();
    private final ReadyList ready = new ReadyList();
    private final WatchedInterfaces interfaces = new WatchedInterfaces(sleeper, WAKE_ONLY);
    private ShmDomain messages;
    private ShmWaiter waiter;
    private int selectsSinceEpoll;
    private long lastEpollNanos;
    private int epollEvents;
    private volatile boolean hasUpdates;
    private volatile boolean hasCancelled;
    private volatile boolean sleeping;
    private volatile boolean wakeupRequested;
    private boolean interrupted;
    private boolean waiterReady;

    AccelSelector(SelectorProvider provider, UdpStack stack) throws IOException {
        super(provider);
        this.stack = stack;
        this.spinNanos = TimeUnit.MICROSECONDS.toNanos(stack.configuration().get(Options.SPIN_MICROS));
        final KeySet selected = new KeySet();
        JdkInternals.replaceSelectedKeys(this, selected, new UngrowableSet(selected));
        if (stack.isPrepared()) {
            // A program that counts its descriptors around a registration finds no more than with the JDK.
            descriptors.prepare(stack.messages());
        }
    }

    // ---- select

    @Override
    protected int doSelect(Consumer<SelectionKey> action, long timeout) throws IOException {
        processUpdates();
        processCancelled();
        if (!lookForReady(timeout != 0) && timeout != 0) {
            awaitReady(timeout);
            processCancelled();
        }
        return processReady(action);
    }

    /** Only when there are any: the inherited queue costs a monitor at each look. */
    private void processCancelled() throws IOException {
        if (hasCancelled) {
            hasCancelled = false;
            processDeregisterQueue();
        }
    }

    @Override
    public void cancel(SelectionKeyImpl key) {
        super.cancel(key);
        hasCancelled = true;
    }

    /** Whether a key is ready now, or a wake-up came; waits for nothing. @param waits whether the epoll is looked at later in any case */
    private boolean lookForReady(boolean waits) throws IOException {
        gather();
        if (!ready.isEmpty() && ready.refresh()) {
            lookAtEpollSometimes();
            return true;
        }
        return !waits && lookAtEpoll(0);
    }

    /** Returns with keys in the ready list or events of the epoll, or when the time is up, a wake-up or an interrupt came. */
    private void awaitReady(long timeoutMillis) throws IOException {
        try {
            begin(true);
            final boolean timed = timeoutMillis > 0;
            final boolean spins = spinNanos > 0 && keys.hasFast();
            final long start = timed || spins ? System.nanoTime() : 0;
            final long deadline = start + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            if (!spins || !spin(start, timed, deadline)) {
                sleepUntilReady(timed, deadline);
            }
        } finally {
            end(true);
        }
    }

    private void lookAtEpollSometimes() throws IOException {
        final int selects = ++selectsSinceEpoll;
        if (selects >= SELECTS_PER_EPOLL || wakeupRequested || isEpollOverdue(selects)) {
            lookAtEpoll(0);
        }
    }

    /** By the clock, which costs a fifth of a select: read at the first, second, fourth, eighth .. select after a look only. */
    private boolean isEpollOverdue(int selects) {
        if ((selects & selects - 1) != 0) {
            return false;
        }
        final long now = System.nanoTime();
        if (selects == 1) {
            lastEpollNanos = now;
        }
        return now - lastEpollNanos > NANOS_PER_EPOLL;
    }

    private boolean spin(long start, boolean timed, long deadline) throws IOException {
        long now = start;
        while (now - start < spinNanos && !(timed && now - deadline >= 0)) {
            for (int i = 0; i < SPINS_PER_CLOCK; i++) {
                gather();
                if (!ready.isEmpty() && ready.refresh()) {
                    return true;
                }
                if (wakeupRequested) {
                    lookAtEpoll(0);
                    return true;
                }
                Thread.onSpinWait();
            }
            now = System.nanoTime();
            if (now - lastEpollNanos > SPINNING_NANOS_PER_EPOLL) {
                lastEpollNanos = now;
                if (lookAtEpoll(0)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void sleepUntilReady(boolean timed, long deadline) throws IOException {
        while (!interrupted) {
            long nanos = ready.isAnyUnheard() ? UNHEARD_SLEEP_NANOS : MAX_SLEEP_NANOS;
            if (timed) {
                nanos = Math.min(nanos, deadline - System.nanoTime());
            }
            // The epoll has been looked at once, however late it is.
            if (sleep(Math.max(nanos, 0)) || !ready.isEmpty() && ready.refresh() || nanos <= 0) {
                return;
            }
        }
    }

    /** One sleep at most; true: the epoll had something, or a key was ready before. */
    private boolean sleep(long nanos) throws IOException {
        interfaces.refresh(stack.ethernet());
        if (ready.settle()) {
            return true;
        }
        sleeping = true;
        try {
            final boolean marked = waiter != null && waiter.prepareSleep();
            if (marked || interfaces.prime() || !news.isEmpty()) {
                return lookAtEpoll(0);
            }
            return lookAtEpoll(nanos);
        } finally {
            sleeping = false;
            if (waiter != null) {
                waiter.awake(waiterReady);
            }
            gather();
        }
    }

    /** Brings what has news into the ready list. */
    private void gather() throws IOException {
        for (final EthernetInterface each : stack.ethernet()) {
            each.poll();
        }
        if (messages != null) {
            BlockedReader.collect(messages);
        }
        for (FastKey key = news.takeAll(); key != null;) {
            final FastKey next = key.next;
            key.next = null;
            key.dequeued();
            key.listen();
            keys.watchShadow(sleeper, key);
            ready.add(key);
            key = next;
        }
    }

    /** @return whether there were events, or a wake-up */
    private boolean lookAtEpoll(long timeoutNanos) throws IOException {
        selectsSinceEpoll = 0;
        epollEvents = parking.await(timeoutNanos);
        if (wakeupRequested) {
            wakeupRequested = false;
            interrupted = true;
        }
        boolean any = interrupted;
        waiterReady = false;
        for (int i = 0; i < epollEvents; i++) {
            any |= sleeper.data(i) < WAKE_ONLY;
            waiterReady |= sleeper.data(i) == WAITER;
        }
        return any;
    }

    private int processReady(Consumer<SelectionKey> action) throws IOException {
        int updated = 0;
        final int events = epollEvents;
        epollEvents = 0;
        interrupted = false;
        for (int i = 0; i < events; i++) {
            final long data = sleeper.data(i);
            if (data >= WAKE_ONLY) {
                continue;
            }
            final FastKey fast = keys.fast((int) data);
            if (fast != null) {
                updated += processShadow(fast, sleeper.ready(i), action);
            } else {
                final SelectionKeyImpl key = keys.kernel((int) data);
                if (key != null) {
                    updated += processReadyEvents(sleeper.ready(i), key, action);
                }
            }
        }
        return updated + ready.process(this, action);
    }

    /** A shadow was found ready after the ready list was looked at: its key is reported now if it was not in there. */
    private int processShadow(FastKey fast, int events, Consumer<SelectionKey> action) {
        fast.shadowReady(events);
        fast.look();
        ready.add(fast);
        return 0;
    }

    /** @return 1 when the key's ready set changed or the action ran, else 0 */
    int update(int events, SelectionKeyImpl key, Consumer<SelectionKey> action) {
        return processReadyEvents(events, key, action);
    }

    // ---- what the ready list asks

    boolean arm(ShmVirtualInterface vi) {
        return waiter != null && vi.arm(waiter);
    }

    void disarm(ShmVirtualInterface vi) {
        vi.disarm(waiter);
    }

    /** A key may be ready. Any thread. */
    void enqueue(FastKey key) {
        news.push(key);
        if (sleeping) {
            sleeper.wakeup();
        }
    }

    // ---- keys

    /** Also while the selector is being closed, whose keys tell of it by themselves. */
    @Override
    protected void setEventOps(SelectionKeyImpl key) {
        synchronized (updates) {
            updates.addLast(key);
            hasUpdates = true;
        }
    }

    private void processUpdates() throws IOException {
        if (!hasUpdates) {
            return;
        }
        synchronized (updates) {
            hasUpdates = false;
            for (SelectionKeyImpl key = updates.pollFirst(); key != null; key = updates.pollFirst()) {
                if (key.isValid()) {
                    update(key);
                }
            }
        }
    }

    private void update(SelectionKeyImpl key) throws IOException {
        if (key.channel() instanceof AccelDatagramChannel channel) {
            openMessages();
            final FastKey fast = keys.addFast(this, key, channel);
            fast.listen();
            keys.watchShadow(sleeper, fast);
            ready.add(fast);
        } else {
            keys.watchKernel(sleeper, key);
        }
    }

    /** The message medium and a waiter on it, once there is a channel of ours. */
    private void openMessages() throws IOException {
        if (waiter != null) {
            return;
        }
        messages = stack.messages();
        if (messages != null) {
            waiter = descriptors.waiter(messages);
            sleeper.add(waiter.fd(), Sleeper.READABLE, WAITER);
        }
    }

    @Override
    protected void implDereg(SelectionKeyImpl key) throws IOException {
        final FastKey fast = keys.remove(sleeper, key);
        if (fast != null) {
            ready.remove(fast);
            fast.dispose();
        }
    }

    @Override
    public Selector wakeup() {
        wakeupRequested = true;
        sleeper.wakeup();
        return this;
    }

    @Override
    protected void implClose() throws IOException {
        keys.disposeAll();
        descriptors.free();
    }
}
