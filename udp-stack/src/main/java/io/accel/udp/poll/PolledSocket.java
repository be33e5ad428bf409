package io.accel.udp.poll;

import io.accel.udp.endpoint.ReadyListener;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.wait.Sleeper;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A descriptor that a {@link SocketPoller} watches and, once it is bound, the fast path beside it. Level-triggered: it stays among the
 * candidates until a look finds nothing and senders have been asked to tell. All but {@link #onReady} is the poller's thread's.
 */
public final class PolledSocket implements ReadyListener {
    static final int UNLISTED = -1;

    private static final VarHandle QUEUED;

    static {
        try {
            QUEUED = MethodHandles.lookup().findVarHandle(PolledSocket.class, "queued", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Next in the {@link NewsStack}. */
    PolledSocket next;

    private final SocketPoller poller;
    private final int fd;
    private final Object attachment;
    private volatile boolean queued;
    private UdpSocket socket;
    private UdpEndpoint endpoint;
    private int interest;
    private int kernelEvents;
    private int events;
    private int listedAt = UNLISTED;
    private int silentLooks;
    private boolean armed;
    private boolean unheard;
    private boolean removed;

    PolledSocket(SocketPoller poller, int fd, Object attachment) {
        this.poller = poller;
        this.fd = fd;
        this.attachment = attachment;
    }

    public int fd() {
        return fd;
    }

    /** What the poller's user gave it. */
    public Object attachment() {
        return attachment;
    }

    /** {@link Sleeper#READABLE} and {@link Sleeper#WRITABLE}, as last asked for. */
    public int interest() {
        return interest;
    }

    void interest(int now) {
        interest = now;
    }

    boolean isFast() {
        return endpoint != null;
    }

    boolean isRemoved() {
        return removed;
    }

    void bound(UdpSocket to) {
        socket = to;
        if (!to.isKernelOnly()) {
            endpoint = to.endpoint();
            endpoint.addListener(this);
        }
    }

    /** Something may have come: the poller must look again. Any thread. */
    @Override
    public void onReady(UdpEndpoint ready) {
        if (!queued && QUEUED.compareAndSet(this, false, true)) {
            poller.enqueue(this);
        }
    }

    /** Taken off the stack: news from now on count again. */
    void dequeued() {
        queued = false;
    }

    int listedAt() {
        return listedAt;
    }

    void listedAt(int index) {
        listedAt = index;
    }

    /** Whether no sender can tell, so that the poller has to look by itself. */
    boolean isUnheard() {
        return unheard;
    }

    /** What the epoll said of the descriptor. */
    void kernelReady(int polled) {
        kernelEvents |= polled;
        if (endpoint != null && (polled & ~Sleeper.WRITABLE) != 0) {
            socket.watch().markReadable();
        }
    }

    /** Finds what poll(2) would say now, as far as there is interest; what the kernel said is used up. */
    boolean look() {
        int found = kernelEvents;
        kernelEvents = 0;
        if ((interest & Sleeper.READABLE) != 0 && (found & Sleeper.READABLE) == 0 && endpoint != null && endpoint.hasPending()) {
            found |= Sleeper.READABLE;
        }
        events = found;
        if (found == 0) {
            return false;
        }
        silentLooks = 0;
        if (armed) {
            disarm();
        }
        return true;
    }

    /** After a look that found nothing: whether the next ones should go on, up to so many in a row. */
    boolean isExpected(int patience) {
        return !armed && ++silentLooks < patience && endpoint != null && (interest & Sleeper.READABLE) != 0;
    }

    /** Has senders tell of what comes from now on, and looks once more: what came before is not told. */
    boolean armAndLook() {
        unheard = false;
        if (endpoint == null || endpoint.messages() == null || armed || (interest & Sleeper.READABLE) == 0) {
            return false;
        }
        armed = poller.arm(endpoint.messages());
        unheard = !armed;
        return look();
    }

    private void disarm() {
        armed = false;
        poller.disarm(endpoint.messages());
    }

    /** What the last look found, once: events of epoll(7), errors and hang-ups among them. */
    int takeEvents() {
        final int found = events;
        events = 0;
        return found;
    }

    void removed() {
        removed = true;
        events = 0;
        if (endpoint != null) {
            if (armed) {
                disarm();
            }
            endpoint.removeListener(this);
        }
    }
}
