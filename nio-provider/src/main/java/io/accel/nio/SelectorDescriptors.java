package io.accel.nio;

import io.accel.core.datapath.DatapathException;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmWaiter;
import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/**
 * What a selector holds of the kernel's: its epoll, and its waiter on the message medium. Freed when it closes, or when nobody can reach
 * it any more. Holds no selector.
 */
final class SelectorDescriptors implements Runnable {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final Sleeper sleeper = new Sleeper(Sleeper.MAX_EVENTS, "selector");
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

    /** Opens the waiter before a channel needs it; where that is refused, the first channel to be registered is told. */
    void prepare(ShmDomain messages) {
        try {
            waiter(messages);
        } catch (final IOException e) {
            LOGGER.log(Level.DEBUG, "a selector has no waiter before its first channel", e);
        }
    }

    /** The waiter, opened when there is none yet. */
    synchronized ShmWaiter waiter(ShmDomain messages) throws IOException {
        if (waiter == null) {
            try {
                waiter = messages.openWaiter();
            } catch (final DatapathException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        return waiter;
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
