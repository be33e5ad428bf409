package io.accel.core.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM in a namespace that does what it is told: a line in, a line out. */
public final class Agent implements AutoCloseable {
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;

    private Agent(Process process) {
        this.process = process;
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @param main reads commands from standard input and answers each with one line */
    public static Agent start(VethPair.End end, Class<?> main) {
        return start(end, List.of(), main);
    }

    /** @param launcher a command that runs the JVM, such as {@code prlimit --memlock=65536} */
    public static Agent start(VethPair.End end, List<String> launcher, Class<?> main) {
        return new Agent(end.java(launcher, main));
    }

    /** Sends a command and waits for its answer. */
    public String ask(String command) {
        tell(command);
        return answer();
    }

    public void tell(String command) {
        to.println(command);
    }

    public String answer() {
        try {
            final String line = from.readLine();
            if (line == null) {
                throw new IllegalStateException("the agent died, exit " + process.waitFor());
            }
            return line;
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    @Override
    public void close() {
        to.close();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
