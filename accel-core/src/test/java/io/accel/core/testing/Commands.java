package io.accel.core.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short commands of the system for tests. */
public final class Commands {
    private static final long PATIENCE_SECONDS = 20;

    private Commands() {
    }

    /** Runs it to its end: what it printed, standard error included. */
    public static String run(String... command) {
        final Result result = attempt(command);
        if (result.exit() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": exit " + result.exit() + ": " + result.output());
        }
        return result.output();
    }

    /** Runs it to its end, whatever that is. */
    public static Result attempt(String... command) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(List.of(command) + " did not end");
            }
            return new Result(process.exitValue(), output.strip());
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How a command ended, and what it printed. */
    public record Result(int exit, String output) {
    }
}
