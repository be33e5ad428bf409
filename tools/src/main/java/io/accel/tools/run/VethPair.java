package io.accel.tools.run;

import io.accel.tools.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two network namespaces joined by a veth pair, made and removed here; needs root. They go with this JVM, by Ctrl-C too. */
public final class VethPair implements Hosts, AutoCloseable {
    private static final Pattern OURS = Pattern.compile("^accel-([0-9]+)-[ab]\\b", Pattern.MULTILINE);
    private static final long UP_NANOS = 5_000_000_000L;

    private final Host client;
    private final Host server;
    private final Thread hook = new Thread(this::removeAtExit, "remove namespaces");

    private VethPair(Host client, Host server) {
        this.client = client;
        this.server = server;
    }

    /** Makes them, and removes what a killed run has left. */
    public static VethPair create() throws IOException {
        removeStale();
        final long pid = ProcessHandle.current().pid();
        final VethPair pair = new VethPair(new Host("accel-" + pid + "-a", "10.9.0.1", "va", Hosts.clientCpu()),
            new Host("accel-" + pid + "-b", "10.9.0.2", "vb", Hosts.serverCpu()));
        Runtime.getRuntime().addShutdownHook(pair.hook);
        try {
            pair.build();
        } catch (final IOException | RuntimeException e) {
            pair.close();
            throw e;
        }
        return pair;
    }

    private void build() throws IOException {
        Program.run("ip", "netns", "add", client.namespace());
        Program.run("ip", "netns", "add", server.namespace());
        Program.run("ip", "link", "add", client.device(), "netns", client.namespace(), "type", "veth", "peer", "name", server.device(),
            "netns", server.namespace());
        for (final Host host : new Host[] {client, server}) {
            Program.run("ip", "-n", host.namespace(), "addr", "add", host.address() + "/24", "dev", host.device());
            Program.run("ip", "-n", host.namespace(), "link", "set", "lo", "up");
            Program.run("ip", "-n", host.namespace(), "link", "set", host.device(), "up");
        }
        final long deadline = System.nanoTime() + UP_NANOS;
        for (final Host host : new Host[] {client, server}) {
            while (!Program.run("ip", "-n", host.namespace(), "link", "show", host.device()).contains("state UP")) {
                if (System.nanoTime() - deadline > 0) {
                    throw new ToolException("the interface " + host.device() + " does not come up");
                }
            }
        }
        Program.run("ip", "netns", "exec", client.namespace(), "ping", "-c", "1", "-W", "2", server.address());
    }

    private static void removeStale() throws IOException {
        final Matcher names = OURS.matcher(Program.run("ip", "netns", "list"));
        while (names.find()) {
            if (!Files.isDirectory(Path.of("/proc", names.group(1)))) {
                Program.run("ip", "netns", "del", names.group());
            }
        }
    }

    /** The link-layer address of a host's interface. */
    public static String mac(Host host) throws IOException {
        final Matcher mac = Pattern.compile("link/ether ([0-9a-f:]{17})")
            .matcher(Program.run("ip", "-n", host.namespace(), "link", "show", host.device()));
        if (!mac.find()) {
            throw new ToolException("no MAC address at " + host.device());
        }
        return mac.group(1);
    }

    @Override
    public Host client() {
        return client;
    }

    @Override
    public Host server() {
        return server;
    }

    private void removeAtExit() {
        Program.killAll();
        remove();
    }

    private void remove() {
        for (final Host host : new Host[] {client, server}) {
            try {
                if (Files.exists(Path.of("/run/netns", host.namespace()))) {
                    new ProcessBuilder("ip", "netns", "del", host.namespace()).inheritIO().start().waitFor();
                }
            } catch (final IOException e) {
                System.err.println("The network namespace " + host.namespace() + " could not be removed: " + e.getMessage());
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The JVM is ending already: the hook runs, and finds nothing left to remove.
            return;
        }
    }
}
