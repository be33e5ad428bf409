package io.accel.core.testing;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two network namespaces of this process's own, joined by a veth pair: {@link #a} and {@link #b}, addresses 10.77.0.1/24 and 10.77.0.2/24.
 * Needs root. Closing it removes both.
 */
public final class VethPair implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final End a;
    private final End b;

    private VethPair(End a, End b) {
        this.a = a;
        this.b = b;
    }

    /** Whether this process may make network namespaces: tests assume it, so that a skip is seen. */
    public static boolean isPossible() {
        return "root".equals(System.getProperty("user.name"))
            && Commands.attempt("ip", "netns", "list").exit() == 0;
    }

    /** Makes the pair; both ends are up and know each other's MAC address. */
    public static VethPair create() {
        final String id = ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        final VethPair pair = new VethPair(new End("accel-a-" + id, "va", "10.77.0.1"), new End("accel-b-" + id, "vb", "10.77.0.2"));
        try {
            pair.build();
            return pair;
        } catch (final RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    private void build() {
        for (final End end : List.of(a, b)) {
            Commands.run("ip", "netns", "add", end.namespace());
            // Nothing but what a test sends shall be on the wire.
            end.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
            end.run("ip", "link", "set", "lo", "up");
        }
        Commands.run("ip", "link", "add", a.device(), "netns", a.namespace(), "type", "veth",
            "peer", "name", b.device(), "netns", b.namespace());
        for (final End end : List.of(a, b)) {
            end.run("ip", "addr", "add", end.address() + "/24", "dev", end.device());
            end.run("ip", "link", "set", end.device(), "up");
        }
        introduce(a, b);
        introduce(b, a);
    }

    /** Gives both ends an address of IPv6 as well, fd00:77::1 and fd00:77::2; they know each other's MAC address. */
    public VethPair withIpv6() {
        for (final End end : List.of(a, b)) {
            // No address of the kernel's own choice, no duplicate detection, no solicitations: nothing but what a test sends.
            end.run("ip", "link", "set", end.device(), "addrgenmode", "none");
            final String settings = "net.ipv6.conf." + end.device() + ".";
            end.run("sysctl", "-qw", settings + "accept_dad=0", settings + "router_solicitations=0", settings + "disable_ipv6=0");
            end.run("ip", "addr", "add", end.ipv6Address() + "/64", "dev", end.device(), "nodad");
        }
        a.run("ip", "neigh", "replace", b.ipv6Address(), "lladdr", b.mac(), "dev", a.device(), "nud", "permanent");
        b.run("ip", "neigh", "replace", a.ipv6Address(), "lladdr", a.mac(), "dev", b.device(), "nud", "permanent");
        return this;
    }

    private static void introduce(End to, End end) {
        to.run("ip", "neigh", "replace", end.address(), "lladdr", end.mac(), "dev", to.device(), "nud", "permanent");
    }

    public End a() {
        return a;
    }

    public End b() {
        return b;
    }

    @Override
    public void close() {
        Commands.attempt("ip", "netns", "del", a.namespace());
        Commands.attempt("ip", "netns", "del", b.namespace());
    }

    /** One namespace with its device. */
    public record End(String namespace, String device, String address) {
        /** The address that {@link VethPair#withIpv6} gives it. */
        public String ipv6Address() {
            return "fd00:77::" + address.substring(address.lastIndexOf('.') + 1);
        }

        /** Runs a command inside to its end. */
        public String run(String... command) {
            return Commands.run(inside(List.of(command)).toArray(String[]::new));
        }

        public Commands.Result attempt(String... command) {
            return Commands.attempt(inside(List.of(command)).toArray(String[]::new));
        }

        /** As {@code 02:00:00:00:00:01}. */
        public String mac() {
            return run("cat", "/sys/class/net/" + device + "/address");
        }

        /** Starts a JVM inside, with this one's class path and options; its standard error goes to this one's. */
        public Process java(List<String> launcher, Class<?> main, String... arguments) {
            final List<String> command = new ArrayList<>(launcher);
            command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
            command.add("--add-exports");
            command.add("java.base/jdk.internal.misc=ALL-UNNAMED");
            command.add("-Xmx128m");
            command.add("-XX:+UseSerialGC");
            command.add("-cp");
            command.add(classPath());
            command.add(main.getName());
            command.addAll(List.of(arguments));
            try {
                return new ProcessBuilder(inside(command)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            } catch (final IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String classPath() {
            // Surefire hides the real class path in a jar's manifest and tells it here.
            return System.getProperty("surefire.test.class.path", ManagementFactory.getRuntimeMXBean().getClassPath());
        }

        private List<String> inside(List<String> command) {
            final List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
            all.addAll(command);
            return all;
        }
    }
}
