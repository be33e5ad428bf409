package io.accel.tools.doctor;

import io.accel.tools.run.Program;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Commands of the host that only look. */
@FunctionalInterface
interface HostCommands {
    /** Those of this host. */
    HostCommands REAL = command -> {
        try (Program program = Program.start(command)) {
            program.awaitAnyStatus(10);
            return program.status() == 0 ? Optional.of(program.output()) : Optional.empty();
        } catch (final IOException e) {
            return Optional.empty();
        }
    };

    /** What it prints; empty where it is missing, or fails. */
    Optional<String> output(List<String> command);
}
