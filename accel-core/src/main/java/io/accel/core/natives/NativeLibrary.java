package io.accel.core.natives;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds a library among the resources and loads it from the first directory that allows it. */
final class NativeLibrary {
    private NativeLibrary() {
    }

    /** Loads one by its file name: null on success, otherwise why not. */
    static Throwable load(String file) {
        try {
            final String platform = platform();
            final List<String> attempts = new ArrayList<>();
            for (final Path directory : candidates()) {
                try {
                    loadFrom(directory, resource(platform, file));
                    return null;
                } catch (final IOException | UnsatisfiedLinkError e) {
                    attempts.add(directory + ": " + e.getMessage());
                }
            }
            return new UnsatisfiedLinkError(file + " could not be loaded from any directory: " + String.join("; ", attempts)
                + ". Name a writable directory that is not mounted noexec with -D" + Options.NATIVE_DIRECTORY.property() + "=");
        } catch (final Exception | LinkageError e) {
            return e;
        }
    }

    /** Whether the jar holds it for this platform. */
    static boolean isThere(String file) {
        return NativeLibrary.class.getResource(resource(platform(), file)) != null;
    }

    private static String resource(String platform, String file) {
        return "/io/accel/native/" + platform + "/" + file;
    }

    private static String platform() {
        final String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        final String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!os.equals("linux")) {
            throw new UnsatisfiedLinkError("Accel runs on Linux, not on " + os);
        }
        return switch (arch) {
            case "amd64", "x86_64" -> "linux-x86_64";
            case "aarch64" -> "linux-aarch64";
            default -> throw new UnsatisfiedLinkError("Accel has no native library for the processor architecture " + arch);
        };
    }

    private static List<Path> candidates() {
        final List<Path> directories = new ArrayList<>();
        final String named = Configuration.ofSystem().get(Options.NATIVE_DIRECTORY);
        if (!named.isEmpty()) {
            directories.add(Path.of(named));
        } else {
            directories.add(Path.of(System.getProperty("java.io.tmpdir")));
            directories.add(Path.of("/dev/shm"));
        }
        return directories;
    }

    /** The file is needed until it is mapped only: it is gone before this returns. */
    private static void loadFrom(Path directory, String resource) throws IOException {
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("the jar holds no " + resource);
            }
            final File file = File.createTempFile("libaccel-", ".so", directory.toFile());
            try {
                Files.copy(in, file.toPath(), StandardCopyOption.REPLACE_EXISTING);
                System.load(file.getAbsolutePath());
            } finally {
                Files.deleteIfExists(file.toPath());
            }
        }
    }
}
