package io.accel.tools.stackdump;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.accel.tools.state.ProcessState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What processes had counted when their statistics were cleared: kept by the tool in files of its own, since a process that hangs can
 * clear nothing, and whoever else looks wants to see all.
 */
final class Baselines {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path directory;

    /** @param directory is made when it is needed */
    Baselines(Path directory) {
        this.directory = directory;
    }

    /** Of this user, where temporary files are. */
    static Baselines ofUser() {
        return new Baselines(Path.of(System.getProperty("java.io.tmpdir"), "accel-baselines-" + System.getProperty("user.name")));
    }

    /** What counts from now on is counted from here; what is kept of processes that are gone is removed. */
    void clear(Collection<ProcessState> cleared, Collection<ProcessState> all) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!Files.getOwner(directory).getName().equals(System.getProperty("user.name"))) {
            throw new IOException(directory + " is somebody else's");
        }
        for (final ProcessState each : cleared) {
            MAPPER.writeValue(file(each).toFile(), Statistics.of(each));
        }
        final Set<Path> known = all.stream().map(this::file).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path each : files.filter(file -> !known.contains(file)).toList()) {
                Files.deleteIfExists(each);
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
        final JsonNode started = process.root().path("process").path("started");
        return directory.resolve(String.join("-", List.of(Long.toString(process.pid()), started.asText())) + ".json");
    }
}
