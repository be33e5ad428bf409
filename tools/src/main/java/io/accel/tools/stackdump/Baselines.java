package io.accel.tools.stackdump;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.accel.core.config.Configuration;
import io.accel.core.counters.StateFiles;
import io.accel.tools.state.ProcessState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What processes had counted when their statistics were cleared: kept by the tool in files of its own, since a process that hangs can
 * clear nothing, and whoever else looks wants to see all.
 */
final class Baselines {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ENDING = ".baseline";

    private final Path directory;

    /** @param directory of this user alone */
    Baselines(Path directory) {
        this.directory = directory;
    }

    /** This user's, beside the states of his processes, where nobody else can write. */
    static Baselines ofUser() {
        try {
            return new Baselines(new StateFiles(Configuration.ofSystem()).own());
        } catch (final IOException e) {
            throw new UncheckedIOException("what was cleared cannot be known: " + e.getMessage(), e);
        }
    }

    /** What counts from now on is counted from here; what is kept of processes that are gone is removed. */
    void clear(Collection<ProcessState> cleared, Collection<ProcessState> all) throws IOException {
        for (final ProcessState each : cleared) {
            MAPPER.writeValue(file(each).toFile(), Statistics.of(each));
        }
        final Set<Path> known = all.stream().map(this::file).collect(Collectors.toSet());
        try (DirectoryStream<Path> kept = Files.newDirectoryStream(directory, "*" + ENDING)) {
            for (final Path each : kept) {
                if (!known.contains(each)) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /** The same counters without what was counted before the last clear, if there was one. */
    Map<String, Long> since(ProcessState process, Map<String, Long> now) {
        final Path file = file(process);
        if (!Files.exists(file)) {
            return now;
        }
        try {
            final JsonNode before = MAPPER.readTree(file.toFile());
            final Map<String, Long> since = new LinkedHashMap<>();
            now.forEach((name, value) -> since.put(name, value - before.path(name).asLong()));
            return since;
        } catch (final IOException e) {
            throw new UncheckedIOException(file + " cannot be read; remove it", e);
        }
    }

    /** A number is used again by another process, but not at the same moment. */
    private Path file(ProcessState process) {
        return directory.resolve(process.pid() + "-" + process.started() + ENDING);
    }
}
