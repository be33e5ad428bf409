package io.accel.udp.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Commands inside the namespace that a test of {@link InNamespace} runs in, and waiting for what other processes or the kernel do. */
public final class Namespace {
    static final String PEER_PROPERTY = "accel.test.namespace.peer";
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Namespace() {
    }

    /** Name of the empty namespace beside this one. */
    public static String peer() {
        final String peer = System.getProperty(PEER_PROPERTY);
        if (peer == null) {
            throw new IllegalStateException("outside a test method of @InNamespace: this would change the host's network");
        }
        return peer;
    }

    /** Runs {@code ip} here with space-separated arguments; fails on a non-zero exit. */
    public static void ip(String arguments) {
        run("ip " + arguments);
    }

    /** Runs {@code ip} in the peer namespace. */
    public static void ipPeer(String arguments) {
        run("ip -n " + peer() + " " + arguments);
    }

    /** Runs a command with space-separated arguments and returns its output; fails on a non-zero exit. */
    public static String run(String line) {
        peer();
        return command(line.split(" "));
    }

    /** Runs one command with this text as its standard input; fails on a non-zero exit. */
    public static String feed(String text, String... command) {
        peer();
        return start(text, command);
    }

    private static String start(String text, String... command) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(text.getBytes(StandardCharsets.UTF_8));
            }
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(Arrays.toString(command) + " failed: " + output + "\non\n" + text);
            }
            return output;
        } catch (final IOException e) {
            throw new AssertionError(Arrays.toString(command), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(Arrays.toString(command), e);
        }
    }

    /** Without the check that {@link #run} makes: the extension itself works from outside. */
    static String command(String... command) {
        return start("", command);
    }

    /** For clean-up, which must go on. */
    static void quietly(String... command) {
        try {
            command(command);
        } catch (final AssertionError e) {
            System.err.println(e.getMessage());
        }
    }

    /** A veth pair: {@code v0} here with 10.1.0.1/24, {@code p0} in the peer namespace with 10.1.0.2/24, both up. */
    public static void vethToPeer() {
        ip("link add v0 type veth peer name p0 netns " + peer());
        ip("addr add 10.1.0.1/24 dev v0");
        ip("link set v0 up");
        ipPeer("addr add 10.1.0.2/24 dev p0");
        ipPeer("link set p0 up");
    }

    /** A veth pair with both ends here. */
    public static void vethHere(String one, String other) {
        ip("link add " + one + " type veth peer name " + other);
        ip("link set " + one + " up");
        ip("link set " + other + " up");
    }

    /** Waits at most 10 s for something that another process or the kernel brings about. */
    public static void await(String what, BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > WAIT_NANOS) {
                throw new AssertionError("not within 10 s: " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
