package io.accel.nio;

import java.lang.instrument.Instrumentation;
import java.nio.channels.spi.SelectorProvider;

/** The jar as a Java agent: sets the provider's property before the program starts, unless the user has set it. */
public final class AccelAgent {
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static volatile Instrumentation instrumentation;

    private AccelAgent() {
    }

    /** Called by the JVM before main. Never throws: a program must start without us. */
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "io.accel.nio.AccelSelectorProvider");
        }
    }

    /** The JDK's provider where instrumentation may export its package to us, else null. */
    static SelectorProvider exportedProvider(Class<?> holder) throws ReflectiveOperationException {
        return null;
    }
}
