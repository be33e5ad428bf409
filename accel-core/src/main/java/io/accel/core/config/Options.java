package io.accel.core.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Every option there is. Help, documentation and the check for unknown names come from here. */
public final class Options {
    public static final Option<Boolean> ENABLED = flag("enabled", "true", "false: every channel is the JDK's");
    public static final Option<Boolean> REQUIRE = flag("require", "false",
        "true: opening or binding a channel that cannot be accelerated throws instead of using the kernel");
    public static final Option<String> INTERFACES = text("interfaces", "auto", "list of name:datapath, as eth1:afxdp,lo:shm; auto; none",
        "which interfaces are accelerated, and by what; auto: local addresses by shm, and NICs whose driver is one of ef_vi's by efvi");
    public static final Option<String> REPORT = choice("report", "none", Set.of("none", "exit"),
        "when to print one line per channel and VI");
    public static final Option<Integer> SPIN_MICROS = integer("spin.micros", "20", 0, 10_000_000,
        "how long a blocking receive or select spins before it sleeps, in microseconds");
    public static final Option<String> FIREWALL = choice("firewall", "honour", Set.of("honour", "ignore"),
        "honour: traffic that firewall or NAT rules may match goes through the kernel");
    public static final Option<String> XDP_MODE = choice("afxdp.mode", "auto", Set.of("auto", "native", "generic", "zero-copy"),
        "how the XDP program attaches; auto is generic on veth, else the best the driver has");
    public static final Option<Integer> XDP_RING = powerOfTwo("afxdp.ring", "2048", 64, 32768,
        "descriptors in each AF_XDP ring");
    public static final Option<Integer> XDP_FRAMES = integer("afxdp.frames", "4096", 256, 1 << 19,
        "2 KiB packet buffers per interface, shared by its queues and both directions");
    public static final Option<Integer> EFVI_RING = powerOfTwo("efvi.ring", "512", 512, 4096,
        "descriptors in each ef_vi ring");
    public static final Option<Integer> EFVI_FRAMES = integer("efvi.frames", "4096", 2048, 1 << 19,
        "2 KiB packet buffers per ef_vi interface, for both directions");
    public static final Option<Integer> EFVI_VIS = integer("efvi.vis", "1", 1, 16, "VIs that receive on an ef_vi interface, between which "
        + "the NIC chooses for each flow by a hash (RSS), so that as many threads may poll at once; each has as many buffers as one alone");
    public static final Option<String> EFVI_CTPIO = choice("efvi.ctpio", "auto",
        Set.of("auto", "store", "cut-through", "off"), "how a lone frame is written to NICs with CTPIO, checksums made in software: auto "
        + "never lets a bad frame out, which holds for all on the port; store keeps a frame until it is whole; cut-through sends it "
        + "meanwhile, and now and then a poisoned one before the good one; off: by DMA");
    public static final Option<Integer> EFVI_REFILL = powerOfTwo("efvi.refill", "8", 8, 256,
        "receive descriptors that are posted with one doorbell, where the ring is not about to run out (EF10)");
    public static final Option<Boolean> EFVI_MERGE = flag("efvi.merge", "false",
        "true: the NIC tells of several received frames by one event; more throughput, more latency");
    public static final Option<Boolean> EFVI_TIMESTAMPS = flag("efvi.timestamps", "false",
        "true: received frames carry the NIC's timestamp");
    public static final Option<Boolean> EFVI_TX_TIMESTAMPS = flag("efvi.tx.timestamps", "false",
        "true: the NIC tells of each sent frame, with the time at which it left, and they are counted; an event for each frame in place of "
        + "one for many");
    public static final Option<String> EFVI_DOMAIN = choice("efvi.domain", "default",
        Set.of("default", "vf", "phys", "express"), "the protection domain: of a virtual function, with physical addresses (sfc_char's "
        + "phys_mode_gid must allow it), or of the express datapath (X4)");
    public static final Option<String> EFVI_LIBRARY = text("efvi.library", "", "a file, or empty",
        "the ef_vi library to load instead of the jar's own: one built for another release of Onload, or the simulated NIC");
    public static final Option<String> SHM_DIRECTORY = text("shm.dir", "/dev/shm", "a directory on tmpfs",
        "where the mapped files of the shm datapath and the counters live");
    public static final Option<String> COUNTERS = choice("counters", "on", Set.of("on", "off"),
        "whether counters are kept in a mapped file");
    public static final Option<Boolean> JMX = flag("jmx", "true",
        "false: no MBeans are registered when the JVM gets a server for them");
    public static final Option<String> NATIVE_DIRECTORY = text("native.dir", "", "a directory not mounted noexec, or empty",
        "where the native library is unpacked for the moment of loading; empty: java.io.tmpdir, then /dev/shm");

    public static final Option<String> CONFIG = text("config", "", "a file, or empty", "a properties file with options, weaker than "
        + "system properties and environment variables");
    public static final Option<String> PROFILE = new Option<>("profile", "balanced", String.join(", ", Profiles.NAMES)
        + ", or a file: its name has a slash or ends in .properties",
        "a set of options, weaker than all that are given one by one", Profiles::parse);

    private Options() {
    }

    /** All of them, in the order in which help lists them. */
    public static List<Option<?>> all() {
        return List.of(ENABLED, REQUIRE, INTERFACES, REPORT, SPIN_MICROS, FIREWALL, XDP_MODE, XDP_RING, XDP_FRAMES, EFVI_RING,
            EFVI_FRAMES, EFVI_VIS, EFVI_CTPIO, EFVI_REFILL, EFVI_MERGE, EFVI_TIMESTAMPS, EFVI_TX_TIMESTAMPS, EFVI_DOMAIN, EFVI_LIBRARY,
            SHM_DIRECTORY, COUNTERS, JMX, NATIVE_DIRECTORY, CONFIG, PROFILE);
    }

    private static Option<Boolean> flag(String name, String byDefault, String help) {
        return new Option<>(name, byDefault, "true or false", help, s -> switch (s.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + s + "' is neither true nor false");
        });
    }

    private static Option<String> text(String name, String byDefault, String values, String help) {
        return new Option<>(name, byDefault, values, help, Function.identity());
    }

    private static Option<String> choice(String name, String byDefault, Set<String> allowed, String help) {
        final String values = String.join(", ", allowed.stream().sorted().toList());
        return new Option<>(name, byDefault, values, help, s -> {
            if (!allowed.contains(s)) {
                throw new IllegalArgumentException("'" + s + "' is none of " + values + Names.suggestion(s, allowed));
            }
            return s;
        });
    }

    private static Option<Integer> powerOfTwo(String name, String byDefault, int min, int max, String help) {
        final Option<Integer> any = integer(name, byDefault, min, max, help);
        return new Option<>(name, byDefault, "a power of two, " + any.values(), help, s -> {
            final int value = any.parser().apply(s);
            if (Integer.bitCount(value) != 1) {
                throw new IllegalArgumentException(value + " is not a power of two");
            }
            return value;
        });
    }

    private static Option<Integer> integer(String name, String byDefault, int min, int max, String help) {
        return new Option<>(name, byDefault, min + " to " + max, help, s -> {
            final int value;
            try {
                value = Integer.parseInt(s.trim());
            } catch (final NumberFormatException e) {
                throw new IllegalArgumentException("'" + s + "' is not a whole number", e);
            }
            if (value < min || value > max) {
                throw new IllegalArgumentException(value + " is not in " + min + ".." + max);
            }
            return value;
        });
    }
}
