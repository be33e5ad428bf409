package io.accel.udp.flight;

import io.accel.core.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where events leave for a flight recording. Callers ask {@link #on()} first, so that nothing is made, not even a text, while nobody
 * records; the methods may only be called when it holds. Any thread.
 */
public final class FlightEvents {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    private static volatile boolean on;

    private FlightEvents() {
    }

    /** Whether a recording runs: one read. */
    public static boolean on() {
        return on;
    }

    static void on(boolean now) {
        on = now;
    }

    /**
     * Lets recordings have the events, and once a second the drops, from now on.
     *
     * @param drops totals by cause, by the place where they were counted
     * @return ends the drops
     */
    public static Runnable install(Supplier<Map<String, Map<String, Long>>> drops) {
        if (!AVAILABLE) {
            return () -> { };
        }
        try {
            return Emitter.install(drops);
        } catch (final SecurityException | LinkageError e) {
            LOGGER.log(Level.DEBUG, "no events for the flight recorder", e);
            return () -> { };
        }
    }

    /** @param reason why the kernel serves it alone, or null */
    public static void channelOpened(String local, Reason reason) {
        Emitter.channelOpened(local, reason);
    }

    /** @param counts datagrams received and sent on the fast path, then received and sent through the kernel */
    public static void channelClosed(String local, String remote, long... counts) {
        Emitter.channelClosed(local, remote, counts);
    }

    /**
     * Datagrams to a destination go another way.
     *
     * @param from an interface, {@code lo} for shared memory, {@code kernel}, or {@code none}: nothing was sent there before
     * @param to   the same
     */
    public static void pathChanged(String local, String destination, String from, String to, Reason reason) {
        Emitter.pathChanged(local, destination, from, to, reason);
    }

    /** A datagram went through the kernel for a reason that is new to its channel. */
    public static void kernelPath(String local, String remote, Reason reason) {
        Emitter.kernelPath(local, remote, reason);
    }

    /** The fast path waits for the kernel to know a neighbour or a route. */
    public static void stalled(String local, String destination, Reason reason) {
        Emitter.stalled(local, destination, reason);
    }

    /** A virtual interface serves an interface from now on. @param shortfall why it has less than was asked for, or null */
    public static void interfaceOpened(String name, String datapath, String mode, Reason shortfall) {
        Emitter.interfaceOpened(name, datapath, mode, shortfall);
    }

    /** A virtual interface has been given up: its device went, changed or failed. It is opened anew when that can be. */
    public static void interfaceLost(String name, Reason reason) {
        Emitter.interfaceLost(name, reason);
    }

    /** An interface that is named cannot be accelerated. @param cause in words */
    public static void interfaceRefused(String name, String datapath, Reason reason, String cause) {
        Emitter.interfaceRefused(name, datapath, reason, cause);
    }

    /** UDP channels are the JDK's from now on. At any time, also where nothing was installed. @param cause in words */
    public static void unavailable(Reason reason, String cause) {
        if (AVAILABLE) {
            try {
                Emitter.unavailable(reason, cause);
            } catch (final SecurityException | LinkageError e) {
                LOGGER.log(Level.DEBUG, "no event for the flight recorder", e);
            }
        }
    }

    /** A thread that has spun in vain goes to sleep. @return for {@link #awake} */
    public static Object asleep() {
        return Emitter.asleep();
    }

    /** It woke up. @param sleep of {@link #asleep} */
    public static void awake(Object sleep) {
        Emitter.awake(sleep);
    }
}
