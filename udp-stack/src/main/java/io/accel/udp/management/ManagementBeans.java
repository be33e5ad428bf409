package io.accel.udp.management;

import io.accel.udp.state.StackView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The stack's MBeans, registered when somebody wants to look: once the JVM has a server for MBeans, which an agent for remote clients, a
 * client that attaches, or the program itself brings about. To make one costs as much as the rest of a start. One thread at a time.
 */
public final class ManagementBeans implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final boolean AVAILABLE = ModuleLayer.boot().findModule("java.management").isPresent();

    private final StackView stack;
    private boolean wanted;
    private boolean waiting;
    private Registration registered;

    /** @param wanted false: there are never to be any */
    public ManagementBeans(StackView stack, boolean wanted) {
        this.stack = stack;
        this.wanted = wanted && AVAILABLE;
    }

    /** Registers them where that has become possible; from time to time. */
    public synchronized void tick() {
        if (!wanted || registered != null) {
            return;
        }
        try {
            registered = Registration.attempt(stack);
        } catch (final Exception | LinkageError e) {
            failed(e);
        }
    }

    private void failed(Throwable cause) {
        if (Registration.isOthers(cause)) {
            tellOfAnother();
        } else {
            wanted = false;
            LOGGER.log(Level.INFO, "no MBeans of Accel''s: {0}", cause.toString());
        }
    }

    /** Another stack of this JVM, by another class loader for instance, has the names: until that ends, it is not this one's turn. */
    private void tellOfAnother() {
        if (!waiting) {
            waiting = true;
            LOGGER.log(Level.INFO, "MBeans of Accel''s tell of another stack in this JVM; of this one when that has ended");
        }
    }

    /** Removes them. */
    @Override
    public synchronized void close() {
        wanted = false;
        if (registered != null) {
            registered.close();
            registered = null;
        }
    }
}
