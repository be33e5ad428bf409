package io.accel.nio;

import io.accel.udp.endpoint.ReadyListener;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.socket.UdpSocket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.nio.channels.SelectionKey;
import sun.nio.ch.Net;
import sun.nio.ch.SelectionKeyImpl;

/**
 * A key of one of our channels in one of our selectors: hears from the endpoint that there may be something to receive, and stands in
 * the selector's ready list until a look finds nothing. All but {@link #changed} belongs to the selecting thread.
 */
final class FastKey {
    /** {@link #listedAt}: nowhere. */
    static final int UNLISTED = -1;

    private static final VarHandle QUEUED;

    static {
        try {
            QUEUED = MethodHandles.lookup().findVarHandle(FastKey.class, "queued", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Next in the {@link ReadyStack}. */
    FastKey next;

    private final AccelSelector selector;
    private final SelectionKeyImpl key;
    private final AccelDatagramChannel channel;
    private final Bell bell = new Bell(this);
    private volatile boolean queued;
    private UdpEndpoint endpoint;
    private int listedAt = UNLISTED;
    private int silentLooks;
    private boolean armed;
    private boolean unheard;
    private int shadowEvents;
    private int events;
    private int watched;

    /** Held by the endpoint, which the stack holds: through this neither keeps a selector or a channel that its program forgot. */
    private static final class Bell extends WeakReference<FastKey> implements ReadyListener {
        Bell(FastKey key) {
            super(key);
        }

        @Override
        public void onReady(UdpEndpoint ready) {
            final FastKey key = get();
            if (key != null) {
                key.changed();
            }
        }
    }

    FastKey(AccelSelector selector, SelectionKeyImpl key, AccelDatagramChannel channel) {
        this.selector = selector;
        this.key = key;
        this.channel = channel;
    }

    SelectionKeyImpl key() {
        return key;
    }

    AccelDatagramChannel channel() {
        return channel;
    }

    /** Starts listening once the channel is bound. */
    void listen() {
        final UdpSocket socket = channel.udpSocket();
        if (endpoint == null && socket != null && !socket.isKernelOnly()) {
            endpoint = socket.endpoint();
            endpoint.addListener(bell);
        }
    }

    /** Something may have come, the channel was bound, or the kernel refused to send: the selector must look again. Any thread. */
    void changed() {
        if (!queued && QUEUED.compareAndSet(this, false, true)) {
            selector.enqueue(this);
        }
    }

    /** The selector has taken it off the stack: news from now on count again. */
    void dequeued() {
        queued = false;
    }

    /** Where it stands in the {@link ReadyList}, or {@link #UNLISTED}. */
    int listedAt() {
        return listedAt;
    }

    void listedAt(int index) {
        listedAt = index;
    }

    /** Whether no sender can tell this key, so that the selector has to look by itself. */
    boolean isUnheard() {
        return unheard;
    }

    /** Epoll events for which the shadow is watched. */
    int watched() {
        return watched;
    }

    void watched(int events) {
        watched = events;
    }

    /** The shadow polled ready. @param polled events of epoll(7) */
    void shadowReady(int polled) {
        shadowEvents |= polled;
        if (endpoint != null && (polled & (Net.POLLIN | Net.POLLERR | Net.POLLHUP)) != 0) {
            channel.udpSocket().watch().markReadable();
        }
        if ((polled & Net.POLLOUT) != 0) {
            channel.sendUnblocked();
        }
    }

    /** Finds what poll(2) would say of the channel now, as far as the program is interested; what the shadow said is used up. */
    boolean look() {
        final int interest = key.nioInterestOps();
        int found = shadowEvents;
        shadowEvents = 0;
        if ((interest & SelectionKey.OP_WRITE) != 0 && !channel.isSendBlocked()) {
            found |= Net.POLLOUT;
        }
        if ((interest & SelectionKey.OP_READ) != 0 && (found & Net.POLLIN) == 0 && channel.hasPending()) {
            found |= Net.POLLIN;
        }
        events = found;
        if (found == 0) {
            return false;
        }
        silentLooks = 0;
        disarm();
        return true;
    }

    /** After a look that found nothing: whether the next ones should go on, up to so many in a row. */
    boolean isExpected(int patience) {
        return !armed && ++silentLooks < patience && endpoint != null && (key.nioInterestOps() & SelectionKey.OP_READ) != 0;
    }

    /** Has senders tell of what comes from now on, and looks once more: what came before is not told. */
    boolean armAndLook() {
        unheard = false;
        if (endpoint == null || endpoint.messages() == null || armed || (key.nioInterestOps() & SelectionKey.OP_READ) == 0) {
            return false;
        }
        armed = selector.arm(endpoint.messages());
        unheard = !armed;
        return look();
    }

    /** What the last look found, once. */
    int takeEvents() {
        final int found = events;
        events = 0;
        return found;
    }

    void disarm() {
        if (armed) {
            armed = false;
            selector.disarm(endpoint.messages());
        }
    }

    /** The key leaves the selector. */
    void dispose() {
        channel.removeKey(this);
        if (endpoint != null) {
            disarm();
            endpoint.removeListener(bell);
        }
    }
}
