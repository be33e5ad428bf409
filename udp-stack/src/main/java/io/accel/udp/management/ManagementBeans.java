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
            wanted = false;
            LOGGER.log(Level.INFO, "no MBeans of Accel''s: {0}", e.toString());
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
