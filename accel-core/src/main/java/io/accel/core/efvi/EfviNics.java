package io.accel.core.efvi;

import io.accel.core.natives.Natives;
import io.accel.core.natives.Posix;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the NICs that ef_vi is for by their drivers' names, so that no JVM loads libciul for want of anything to drive. */
public final class EfviNics {
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private EfviNics() {
    }

    /** Names of this network namespace's interfaces with such a driver, whether Onload's drivers are there or not. */
    public static List<String> find() {
        return find(INTERFACES);
    }

    static List<String> find(Path interfaces) {
        final List<String> found = new ArrayList<>();
        if (!Natives.isAvailable() || !Files.isDirectory(interfaces)) {
            return found;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(interfaces)) {
            for (final Path each : all) {
                // Virtual interfaces have no device, and so no driver.
                final String driver = Posix.readlink(each.resolve("device/driver").toString());
                if (driver != null && EfviDatapath.DRIVERS.contains(driver.substring(driver.lastIndexOf('/') + 1))) {
                    found.add(each.getFileName().toString());
                }
            }
        } catch (final IOException e) {
            // Without a readable sysfs there is nothing to be found; an interface can be named all the same.
            return found;
        }
        found.sort(null);
        return found;
    }
}
