package io.accel.tools.selftest;

import io.accel.tools.text.Wrapped;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/** Steps in their order, each told when it ends: a line, or more where there is much to say. */
final class Checklist {
    private final PrintStream out;
    private int failed;
    private int skipped;
    private int done;

    Checklist(PrintStream out) {
        this.out = out;
    }

    /** What a step does. */
    interface Step {
        Outcome run() throws IOException;
    }

    /** Runs a step, whose exceptions are failures. */
    Outcome run(String name, Step step) {
        Outcome outcome;
        try {
            outcome = step.run();
        } catch (final IOException e) {
            outcome = Outcome.failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        return tell(name, outcome);
    }

    /** A step that makes no sense now. */
    void skip(String name, String why) {
        tell(name, Outcome.skipped(why));
    }

    private Outcome tell(String name, Outcome outcome) {
        switch (outcome.kind()) {
            case FAILED -> failed++;
            case SKIPPED -> skipped++;
            default -> done++;
        }
        out.print(Wrapped.lines(String.format("%-11s%-8s", name, outcome.kind().name().toLowerCase(Locale.ROOT)), outcome.words()));
        return outcome;
    }

    /** Prints the sum. @return the exit status */
    int finish() {
        out.println("\n" + done + " ok, " + failed + " failed, " + skipped + " skipped");
        return failed == 0 ? 0 : 1;
    }
}
