package io.accel.tools.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the kernel tells in /proc and /sys, below a root that tests make up. */
record HostFiles(Path root) {
    /** The text without the space around it; empty where there is no such file, or this user may not read it. */
    Optional<String> read(String path) {
        try {
            return Optional.of(Files.readString(at(path), StandardCharsets.ISO_8859_1).strip());
        } catch (final IOException e) {
            return Optional.empty();
        }
    }

    /** The names in a directory, sorted; none where there is no such directory. */
    List<String> list(String path) {
        final List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(path))) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (final IOException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    boolean exists(String path) {
        return Files.exists(at(path));
    }

    Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /** The value behind a label in lines of {@code label: value}, or behind blanks, as /proc has them. */
    Optional<String> field(String path, String label) {
        return read(path).flatMap(text -> text.lines().filter(line -> line.startsWith(label)).findFirst())
            .map(line -> line.substring(label.length()).replaceFirst("^:", "").strip());
    }
}
