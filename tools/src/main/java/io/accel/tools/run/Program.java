package io.accel.tools.run;

import io.accel.tools.ToolException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A started program whose output is kept, the leader of a session and so of a process group, if the host has setsid. Those still running
 * are killed when this JVM ends, by Ctrl-C too.
 *
 * <p>Ctrl-Z stops this JVM alone, where there is setsid, so that nothing more is started. What runs goes on to its end, in seconds: a
 * measurement that was stopped on its way would tell wrong rates. {@link #await} may then say of one that was waited for that it took too
 * long.
 */
public final class Program implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final int TAIL_LINES = 15;
    private static final String SETSID = "setsid";
    private static final List<String> LEADING = leading(System.getenv("PATH"));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Program::killAll, "kill programs"));
    }

    private final List<String> command;
    private final Process process;
    private final CompletableFuture<String> output;
    private final CompletableFuture<String> errors;

    private Program(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        output = read(process.getInputStream());
        errors = read(process.getErrorStream());
    }

    /** What makes a program a leader: setsid(1), or nothing where there is none. @param path as the variable PATH; null: not set */
    static List<String> leading(String path) {
        final boolean found = path != null
            && Arrays.stream(path.split(File.pathSeparator)).anyMatch(each -> new File(each, SETSID).canExecute());
        return found ? List.of(SETSID) : List.of();
    }

    /** Starts it. */
    public static Program start(List<String> command) throws IOException {
        return start(LEADING, command);
    }

    static Program start(List<String> leading, List<String> command) throws IOException {
        final List<String> words = new ArrayList<>(leading);
        words.addAll(command);
        final ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        final Process process = builder.start();
        RUNNING.add(process);
        process.onExit().thenAccept(RUNNING::remove);
        return new Program(command, process);
    }

    /** Runs a short command to its end and gives what it printed; fails with what it said when it does not end with status 0. */
    public static String run(String... command) throws IOException {
        try (Program program = start(List.of(command))) {
            return program.await(30).output();
        }
    }

    static void killAll() {
        RUNNING.forEach(Program::destroy);
        RUNNING.forEach(Program::awaitDeath);
    }

    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void awaitDeath(Process process) {
        process.onExit().orTimeout(5, TimeUnit.SECONDS).exceptionally(late -> process).join();
        if (!LEADING.isEmpty()) {
            killGroup(process.pid());
        }
    }

    /** What it started between the look at its descendants and its end is still of its group, whose number nobody else gets meanwhile. */
    private static void killGroup(long leader) {
        try {
            new ProcessBuilder("sh", "-c", "kill -KILL -" + leader + " 2>/dev/null").start().waitFor(5, TimeUnit.SECONDS);
        } catch (final IOException e) {
            System.err.println("accel: what process " + leader + " has started may still run: " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletableFuture<String> read(InputStream from) {
        return CompletableFuture.supplyAsync(() -> {
            try (from) {
                return new String(from.readAllBytes(), StandardCharsets.UTF_8);
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }, task -> {
            final Thread thread = new Thread(task, "output");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Waits for its end; fails when it takes longer or its status is not 0. */
    public Program await(int seconds) throws IOException {
        awaitAnyStatus(seconds);
        if (process.exitValue() != 0) {
            throw failure("ended with status " + process.exitValue());
        }
        return this;
    }

    /** Waits for its end, whatever its status; fails when it takes longer. */
    public Program awaitAnyStatus(int seconds) throws IOException {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                close();
                throw failure("did not end in " + seconds + " s");
            }
        } catch (final InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new ToolException("interrupted", e);
        }
        return this;
    }

    /** An exception that tells what this program was and said. */
    public ToolException failure(String what) {
        final List<String> said = (output() + errors()).lines().toList();
        return new ToolException(String.join(" ", command) + "\n  " + what
            + (said.isEmpty() ? "" : ":\n    " + String.join("\n    ", said.subList(Math.max(0, said.size() - TAIL_LINES), said.size()))));
    }

    /** Its exit status, once it has ended. */
    public int status() {
        return process.exitValue();
    }

    /** Whether it has not ended. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** All of its standard output, once it has ended. */
    public String output() {
        return output.join();
    }

    /** All of its standard error, once it has ended. */
    public String errors() {
        return errors.join();
    }

    /** Kills it and what it started, if they still run. */
    @Override
    public void close() {
        if (process.isAlive()) {
            destroy(process);
            awaitDeath(process);
        }
    }
}
