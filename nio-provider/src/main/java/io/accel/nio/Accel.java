package io.accel.nio;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.ProcessStack;
import io.accel.udp.stack.Report;
import io.accel.udp.stack.SocketStates;
import io.accel.udp.stack.UdpStack;
import io.accel.udp.stack.Unavailability;
import io.accel.udp.state.Explanation;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.DatagramChannel;
import java.util.List;

/** Whether Accel runs in this JVM, and why not. */
public final class Accel {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private static volatile UdpStack stack;
    private static volatile Throwable unavailabilityCause;

    private Accel() {
    }

    /** Whether UDP channels that the provider opens can be accelerated. */
    public static boolean isAvailable() {
        return stack != null;
    }

    /** Why every channel is the JDK's, an {@link UnavailableException} with its reason, or null. */
    public static Throwable unavailabilityCause() {
        return unavailabilityCause;
    }

    /** What the stack has done so far, in the lines of the exit report; none where it does not run. Slow. */
    public static List<String> report() {
        final UdpStack running = stack;
        return running == null ? List.of() : Report.lines(running);
    }

    /**
     * Whether a channel is bound and may send and receive past the kernel. Where datagrams go all the same is decided one by one:
     * {@link #explain} tells.
     */
    public static boolean isAccelerated(DatagramChannel channel) {
        final UdpSocket socket = channel instanceof AccelDatagramChannel ours && channel.isOpen() ? ours.udpSocket() : null;
        return socket != null && !socket.isKernelOnly() && socket.receiveReason() == null;
    }

    /** In sentences: what of a channel's traffic is fast, what is not, why, and what to do. Slow. */
    public static List<String> explain(DatagramChannel channel) {
        if (!(channel instanceof AccelDatagramChannel ours)) {
            return List.of("not a channel of Accel's: " + (unavailabilityCause != null ? unavailabilityCause.getMessage()
                : "its provider is " + channel.provider().getClass().getName() + "; "
                    + "set -Djava.nio.channels.spi.SelectorProvider=io.accel.nio.AccelSelectorProvider"));
        }
        if (!channel.isOpen()) {
            return List.of("closed");
        }
        final UdpSocket socket = ours.udpSocket();
        return socket == null ? List.of("not bound yet: it is decided then")
            : Explanation.of(SocketStates.of(socket)).stream().map(Explanation.Line::toString).toList();
    }

    static UdpStack stack() {
        return stack;
    }

    /** One stack for the JVM, however many providers are made. */
    static void started() throws UnavailableException {
        stack = ProcessStack.start();
    }

    /** Tells it in one line: a warning, but for what the user asked for. */
    static void unavailable(UnavailableException cause) {
        unavailabilityCause = cause;
        final Level level = cause.reason() == Reason.DISABLED ? Level.INFO : Level.WARNING;
        LOGGER.log(level, "every channel is the JDK''s: {0}", cause.getMessage());
        Unavailability.tell(cause);
    }
}
