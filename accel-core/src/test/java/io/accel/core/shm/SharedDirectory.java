package io.accel.core.shm;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A directory on tmpfs for one test; removed with what is in it. */
final class SharedDirectory implements AutoCloseable {
    private final Path path;

    SharedDirectory() {
        try {
            path = Files.createTempDirectory(Path.of("/dev/shm"), "accel-test-");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    ShmDomain open() throws DatapathException {
        return ShmDomain.open(configuration(path.toString()));
    }

    static Configuration configuration(String directory) {
        return new Configuration(name -> name.equals(Options.SHM_DIRECTORY.property()) ? directory : null);
    }

    /** Everything under it, relative. */
    List<String> files() {
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.filter(p -> !p.equals(path)).map(p -> path.relativize(p).toString()).sorted().toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Reaper.remove(path.toString(), 8);
    }
}
