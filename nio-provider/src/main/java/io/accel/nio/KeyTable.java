package io.accel.nio;

import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.agrona.collections.Int2ObjectHashMap;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * The keys of a selector by descriptor, a channel of ours by its shadow's, and what the epoll watches for each. The selecting thread's.
 */
final class KeyTable {
    private final Int2ObjectHashMap<FastKey> fast = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<KernelKey> kernel = new Int2ObjectHashMap<>();

    /** A key of a channel that the JDK made. */
    private static final class KernelKey {
        private final SelectionKeyImpl key;
        private int watched;

        KernelKey(SelectionKeyImpl key) {
            this.key = key;
        }
    }

    FastKey fast(int fd) {
        return fast.get(fd);
    }

    boolean hasFast() {
        return !fast.isEmpty();
    }

    SelectionKeyImpl kernel(int fd) {
        final KernelKey found = kernel.get(fd);
        return found == null ? null : found.key;
    }

    /** The key's entry, made when it is new. */
    FastKey addFast(AccelSelector selector, SelectionKeyImpl key, AccelDatagramChannel channel) {
        FastKey found = fast.get(channel.getFDVal());
        if (found == null) {
            found = new FastKey(selector, key, channel);
            fast.put(channel.getFDVal(), found);
            channel.addKey(found);
        }
        return found;
    }

    /** Watches a shadow for what the program is interested in; for room to send only after the kernel had none. */
    void watchShadow(Sleeper sleeper, FastKey key) throws IOException {
        final int interest = key.key().nioInterestOps();
        int events = (interest & SelectionKey.OP_READ) != 0 ? Sleeper.READABLE : 0;
        if ((interest & SelectionKey.OP_WRITE) != 0 && key.channel().isSendBlocked()) {
            events |= Sleeper.WRITABLE;
        }
        key.watched(watch(sleeper, key.channel().getFDVal(), key.watched(), events));
    }

    void watchKernel(Sleeper sleeper, SelectionKeyImpl key) throws IOException {
        final SelChImpl channel = (SelChImpl) key.channel();
        KernelKey found = kernel.get(channel.getFDVal());
        if (found == null) {
            found = new KernelKey(key);
            kernel.put(channel.getFDVal(), found);
        }
        found.watched = watch(sleeper, channel.getFDVal(), found.watched, channel.translateInterestOps(key.nioInterestOps()));
    }

    private static int watch(Sleeper sleeper, int fd, int before, int now) throws IOException {
        if (now != before) {
            if (now == 0) {
                sleeper.remove(fd);
            } else if (before == 0) {
                sleeper.add(fd, now, fd);
            } else {
                sleeper.modify(fd, now, fd);
            }
        }
        return now;
    }

    /** @return the entry of a channel of ours, or null */
    FastKey remove(Sleeper sleeper, SelectionKeyImpl key) {
        final int fd = ((SelChImpl) key.channel()).getFDVal();
        final FastKey ours = fast.get(fd);
        if (ours != null && ours.key() == key) {
            fast.remove(fd);
            if (ours.watched() != 0) {
                sleeper.remove(fd);
            }
            return ours;
        }
        final KernelKey theirs = kernel.get(fd);
        if (theirs != null && theirs.key == key) {
            kernel.remove(fd);
            if (theirs.watched != 0) {
                sleeper.remove(fd);
            }
        }
        return null;
    }

    /** The selector closes. */
    void disposeAll() {
        fast.values().forEach(FastKey::dispose);
        fast.clear();
        kernel.clear();
    }
}
