package io.accel.nio;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM whose provider is ours by the property, as a user starts one; it tells its lines on standard output. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private ChildJvm(Process process) {
        this.process = process;
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static ChildJvm start(Class<?> main, List<String> options, String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
            "-Xmx128m", "-Djava.nio.channels.spi.SelectorProvider=io.accel.nio.AccelSelectorProvider"));
        if (System.getProperty("accel.interfaces") != null) {
            command.add("-Daccel.interfaces=" + System.getProperty("accel.interfaces"));
        }
        command.addAll(options);
        // Surefire hides the real class path in a jar's manifest and tells it in this property.
        final String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** The next line of its output. */
    String line() throws Exception {
        final String line = Background.start("line of a child", lines::readLine).result();
        if (line == null) {
            throw new AssertionError("the child ended, exit code " + process.waitFor());
        }
        return line;
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
