package io.accel.nio;

import io.accel.core.config.Configuration;
import io.accel.udp.stack.UdpStack;
import java.io.IOException;

/** Whether Accel runs in this JVM, and why not. */
public final class Accel {
    private static volatile UdpStack stack;
    private static volatile Throwable unavailabilityCause;

    private Accel() {
    }

    /** Whether UDP channels that the provider opens can be accelerated. */
    public static boolean isAvailable() {
        return stack != null;
    }

    /** Why every channel is the JDK's, or null. */
    public static Throwable unavailabilityCause() {
        return unavailabilityCause;
    }

    static UdpStack stack() {
        return stack;
    }

    static void started() throws IOException {
        stack = new UdpStack(Configuration.ofSystem());
        Exit.register(stack);
    }

    static void unavailable(Throwable cause) {
        unavailabilityCause = cause;
        System.getLogger("io.accel").log(System.Logger.Level.WARNING, "every channel is the JDK''s: {0}", cause.toString());
    }
}
