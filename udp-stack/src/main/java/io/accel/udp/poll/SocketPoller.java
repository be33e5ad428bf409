package io.accel.udp.poll;

import io.accel.core.datapath.DatapathException;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.shm.ShmWaiter;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.UdpStack;
import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Learns which of many sockets have something: of the fast path from the message medium's ready board, from the interfaces, which it
 * polls, and from other threads that do; of the kernel from an epoll. The cost of a look grows with what is ready, not with what is
 * watched. One thread's, but for {@link #wakeup}.
 *
 * <pre>
 *   if (!poller.look()) {
 *       poller.lookFast() ... for as long as spinning is worth it
 *       poller.sleep(nanos)
 *   }
 *   poller.handle(handler)
 * </pre>
 */
public final class SocketPoller implements AutoCloseable {
    /** The epoll costs ten times as much as a look at the fast path: beside fast sockets it is asked this seldom, but before a sleep. */
    private static final long NANOS_PER_EPOLL = 5_000;
    /** A sender that is killed between publishing and waking costs this at most. */
    private static final long MAX_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Where senders cannot tell: four others wait for the same socket already. */
    private static final long UNHEARD_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Epoll data below this is a socket's descriptor. */
    private static final long INTERFACE = 1L << 32;
    private static final long WAITER = INTERFACE + 1;

    private final UdpStack stack;
    private final Sleeper sleeper = new Sleeper(Sleeper.MAX_EVENTS, "selector");
    private final Int2ObjectHashMap<PolledSocket> sockets = new Int2ObjectHashMap<>();
    private final NewsStack news = new NewsStack();
    private final Candidates candidates = new Candidates();
    private final WatchedInterfaces interfaces = new WatchedInterfaces(sleeper, INTERFACE);
    private ShmDomain messages;
    private ShmWaiter waiter;
    private int fastSockets;
    private long lastEpollNanos;
    private boolean waiterReady;
    private volatile boolean sleeping;

    public SocketPoller(UdpStack stack) throws IOException {
        this.stack = stack;
    }

    // ---- sockets

    /** Watches a descriptor, for nothing as yet. @throws IllegalStateException when it is watched already */
    public PolledSocket add(int fd, Object attachment) {
        final PolledSocket added = new PolledSocket(this, fd, attachment);
        if (sockets.putIfAbsent(fd, added) != null) {
            throw new IllegalStateException("descriptor " + fd + " is watched already");
        }
        return added;
    }

    /** The socket has been bound: its fast path, if it has one, is watched as well. */
    public void bound(PolledSocket polled, UdpSocket socket) throws IOException {
        if (!socket.isKernelOnly()) {
            openMessages();
            fastSockets++;
        }
        polled.bound(socket);
        candidates.add(polled);
    }

    /** What is wanted of it from now on. @param events {@link Sleeper#READABLE}, {@link Sleeper#WRITABLE}, both or neither */
    public void interest(PolledSocket polled, int events) throws IOException {
        final int before = polled.interest();
        if (events == before || polled.isRemoved()) {
            return;
        }
        if (events == 0) {
            sleeper.remove(polled.fd());
        } else if (before == 0) {
            sleeper.add(polled.fd(), events, polled.fd());
        } else {
            sleeper.modify(polled.fd(), events, polled.fd());
        }
        polled.interest(events);
        candidates.add(polled);
    }

    /** Before its descriptor closes. Idempotent. */
    public void remove(PolledSocket polled) {
        if (polled.isRemoved()) {
            return;
        }
        sockets.remove(polled.fd());
        candidates.remove(polled);
        if (polled.interest() != 0) {
            sleeper.remove(polled.fd());
        }
        fastSockets -= polled.isFast() ? 1 : 0;
        polled.removed();
    }

    /** Whether spinning could find anything that the kernel would not tell of. */
    public boolean hasFast() {
        return fastSockets > 0;
    }

    private void openMessages() throws IOException {
        if (waiter != null) {
            return;
        }
        messages = stack.messages();
        if (messages != null) {
            try {
                waiter = messages.openWaiter();
            } catch (final DatapathException e) {
                throw new IOException(e.getMessage(), e);
            }
            sleeper.add(waiter.fd(), Sleeper.READABLE, WAITER);
        }
    }

    // ---- looking

    /** Whether anything is ready; beside fast sockets the epoll is asked every {@value #NANOS_PER_EPOLL} ns only. No wait. */
    public boolean look() throws IOException {
        final boolean any = lookFast();
        final long now = System.nanoTime();
        if (fastSockets > 0 && now - lastEpollNanos < NANOS_PER_EPOLL) {
            return any;
        }
        lastEpollNanos = now;
        return lookAtEpoll(0) || any;
    }

    /** Whether anything is ready that the kernel need not be asked for. No system call while nothing is. */
    public boolean lookFast() {
        gather();
        return !candidates.isEmpty() && candidates.refresh();
    }

    /**
     * Primes what may bring something, looks once more, and sleeps until something is ready, or {@link #wakeup}, or the time is up; it may
     * return sooner.
     *
     * @return whether anything is ready
     */
    public boolean sleep(long nanos) throws IOException {
        interfaces.refresh(stack.ethernet());
        if (candidates.settle()) {
            return true;
        }
        sleeping = true;
        final boolean any;
        try {
            final boolean marked = waiter != null && waiter.prepareSleep();
            final boolean stay = marked || interfaces.prime() || !news.isEmpty();
            final long most = candidates.isAnyUnheard() ? UNHEARD_SLEEP_NANOS : MAX_SLEEP_NANOS;
            any = lookAtEpoll(stay ? 0 : Math.min(nanos, most));
        } finally {
            sleeping = false;
            if (waiter != null) {
                waiter.awake(waiterReady);
            }
        }
        // In this order: a refresh would use up what the epoll said.
        return any || lookFast();
    }

    /** Hands out what was found ready. @return how many sockets */
    public int handle(ReadyHandler handler) {
        int handled = 0;
        for (int i = 0; i < candidates.count(); i++) {
            // A handler that removes a socket brings another in its place: it is found again, as all is level-triggered.
            final PolledSocket socket = candidates.get(i);
            final int events = socket.takeEvents();
            if (events != 0) {
                handled++;
                handler.ready(socket, events);
            }
        }
        return handled;
    }

    /** Ends the running or the next sleep. Any thread, also after {@link #close}. */
    public void wakeup() {
        sleeper.wakeup();
    }

    private void gather() {
        for (final EthernetInterface each : stack.ethernet()) {
            each.poll();
        }
        if (messages != null) {
            messages.collectReady(SocketPoller::signal);
        }
        for (PolledSocket socket = news.takeAll(); socket != null;) {
            final PolledSocket next = socket.next;
            socket.next = null;
            socket.dequeued();
            if (!socket.isRemoved()) {
                candidates.add(socket);
            }
            socket = next;
        }
    }

    private static void signal(ShmVirtualInterface vi) {
        if (vi.attachment() instanceof UdpEndpoint marked) {
            marked.signal();
        }
    }

    /** A socket may be ready. Any thread. */
    void enqueue(PolledSocket socket) {
        news.push(socket);
        if (sleeping) {
            sleeper.wakeup();
        }
    }

    private boolean lookAtEpoll(long timeoutNanos) throws IOException {
        waiterReady = false;
        final int n = sleeper.await(timeoutNanos);
        boolean any = false;
        for (int i = 0; i < n; i++) {
            final long data = sleeper.data(i);
            waiterReady |= data == WAITER;
            final PolledSocket socket = data < INTERFACE ? sockets.get((int) data) : null;
            if (socket != null) {
                socket.kernelReady(sleeper.ready(i));
                any |= socket.look();
                candidates.add(socket);
            }
        }
        return any;
    }

    // ---- what a socket asks

    boolean arm(ShmVirtualInterface vi) {
        return waiter != null && vi.arm(waiter);
    }

    void disarm(ShmVirtualInterface vi) {
        vi.disarm(waiter);
    }

    /** Removes what is left. */
    @Override
    public void close() {
        for (final PolledSocket left : sockets.values().toArray(new PolledSocket[0])) {
            remove(left);
        }
        if (waiter != null) {
            waiter.close();
        }
        sleeper.close();
    }
}
