package io.accel.tools.run;

import java.nio.file.Path;
import java.util.List;

/**
 * How a Java program is run: by which launcher, with Accel or without, with which further properties.
 *
 * @param name        what tables call it
 * @param java        the launcher
 * @param accelerated whether Accel's provider is set
 * @param interfaces  the value of accel.interfaces, with {@code %s} for the host's interface; null to leave it unset
 */
public record Flavour(String name, Path java, boolean accelerated, String interfaces) {
    /** The JDK alone. */
    public static Flavour jdk(String name, Path java) {
        return new Flavour(name, java, false, null);
    }

    /** With Accel's provider. */
    public static Flavour accel(String name, Path java, String interfaces) {
        return new Flavour(name, java, true, interfaces);
    }

    List<String> options(Host host) {
        if (!accelerated) {
            return List.of();
        }
        final String provider = "-Djava.nio.channels.spi.SelectorProvider=io.accel.nio.AccelSelectorProvider";
        return interfaces == null ? List.of(provider, "-Daccel.report=exit")
            : List.of(provider, "-Daccel.report=exit", "-Daccel.interfaces=" + String.format(interfaces, host.device()));
    }
}
