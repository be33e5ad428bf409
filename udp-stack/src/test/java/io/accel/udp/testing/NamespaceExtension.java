package io.accel.udp.testing;

import io.accel.core.natives.Posix;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** The parent's side of {@link InNamespace}. */
public final class NamespaceExtension implements InvocationInterceptor {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int TIMEOUT_SECONDS = 60;

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> context, ExtensionContext extension)
        throws Throwable {
        invocation.skip();
        Assumptions.assumeTrue(Posix.effectiveUser() == 0, "needs root");
        final String name = "accel-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        final String peer = name + "p";
        try {
            Namespace.command("ip", "netns", "add", name);
            Namespace.command("ip", "netns", "add", peer);
            Namespace.command("ip", "-n", name, "link", "set", "lo", "up");
            Namespace.command("ip", "-n", peer, "link", "set", "lo", "up");
            runChild(name, peer, context.getExecutable());
        } finally {
            Namespace.quietly("ip", "netns", "del", name);
            Namespace.quietly("ip", "netns", "del", peer);
        }
    }

    private static void runChild(String name, String peer, Method method) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name,
            System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
            "-cp", classPath()));
        for (final String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-exports=")) {
                command.add(argument);
            }
        }
        command.add("-D" + Namespace.PEER_PROPERTY + "=" + peer);
        command.add(NamespaceChild.class.getName());
        command.add(method.getDeclaringClass().getName());
        command.add(method.getName());
        final File output = File.createTempFile("accel-namespace-", ".log");
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
            final boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            final String text = Files.readString(output.toPath(), StandardCharsets.UTF_8);
            if (ended && process.exitValue() == NamespaceChild.ABORTED) {
                Assumptions.abort(text.strip());
            }
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError((ended ? "exit " + process.exitValue() : "no end after " + TIMEOUT_SECONDS + " s") + "\n" + text);
            }
        } finally {
            Files.deleteIfExists(output.toPath());
        }
    }

    /** Surefire's own class path is a manifest; the real one is in a property of its. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
