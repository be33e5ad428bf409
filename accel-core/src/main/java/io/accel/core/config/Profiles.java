package io.accel.core.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Named sets of option values: properties files in the jar, or a user's own. A name with a slash, or that ends in {@code .properties}, is
 * a file's.
 */
public final class Profiles {
    /** Those in the jar, sorted. */
    public static final List<String> NAMES = List.of("balanced", "latency", "safe", "throughput");
    private static final String SUFFIX = ".properties";

    private Profiles() {
    }

    /** Whether it is a file's name rather than one of {@link #NAMES}. */
    public static boolean isFile(String profile) {
        return profile.indexOf('/') >= 0 || profile.endsWith(SUFFIX);
    }

    /** What the profile is for: the comment that it begins with. */
    public static String description(String profile) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(profile), StandardCharsets.ISO_8859_1))) {
            final StringBuilder text = new StringBuilder();
            for (String line = lines.readLine(); line != null && line.startsWith("#"); line = lines.readLine()) {
                text.append(line.substring(1).strip()).append(' ');
            }
            return text.toString().strip();
        }
    }

    /** The parser of the option that names one. */
    static String parse(String profile) {
        if (!isFile(profile) && !NAMES.contains(profile)) {
            throw new IllegalArgumentException("'" + profile + "' is none of " + String.join(", ", NAMES)
                + Names.suggestion(profile, NAMES));
        }
        return profile;
    }

    static Map<String, String> load(String profile) throws IOException {
        try (InputStream in = open(profile)) {
            return read(in);
        }
    }

    private static InputStream open(String profile) throws IOException {
        if (isFile(profile)) {
            return Files.newInputStream(Path.of(profile));
        }
        final InputStream in = SystemEnvironment.privileged(() -> Profiles.class.getResourceAsStream("/io/accel/profiles/" + profile
            + SUFFIX));
        if (in == null) {
            throw new IOException("the jar holds no profile " + profile);
        }
        return in;
    }

    static Map<String, String> read(InputStream in) throws IOException {
        final Properties properties = new Properties();
        properties.load(in);
        final Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }
}
