package io.accel.nio;

import io.accel.core.shm.ShmWaiter;
import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.lang.ref.Cleaner;

/**
 * What a selector holds of the kernel's: its epoll, and its waiter on the message medium. Freed when it closes, or when nobody can reach
 * it any more. Holds no selector.
 */
final class SelectorDescriptors implements Runnable {
    private final Sleeper sleeper = new Sleeper(Sleeper.MAX_EVENTS);
    private ShmWaiter waiter;
    private Cleaner.Cleanable cleanable;

    private SelectorDescriptors() throws IOException {
    }

    static SelectorDescriptors of(AccelSelector selector) throws IOException {
        final SelectorDescriptors made = new SelectorDescriptors();
        made.cleanable = Abandoned.CLEANER.register(selector, made);
        return made;
    }

    Sleeper sleeper() {
        return sleeper;
    }

    synchronized void waiter(ShmWaiter opened) {
        waiter = opened;
    }

    /** The selector closes. */
    void free() {
        cleanable.clean();
    }

    @Override
    public synchronized void run() {
        if (waiter != null) {
            waiter.close();
        }
        sleeper.close();
    }
}
