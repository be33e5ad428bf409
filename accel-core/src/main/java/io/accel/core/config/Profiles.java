package io.accel.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Named sets of option values, each a resource in the jar. */
final class Profiles {
    static final List<String> NAMES = List.of("balanced", "latency", "safe", "throughput");

    private Profiles() {
    }

    static Map<String, String> load(String name) throws IOException {
        try (InputStream in = SystemEnvironment.privileged(() -> Profiles.class.getResourceAsStream("/io/accel/profiles/" + name
            + ".properties"))) {
            if (in == null) {
                throw new IOException("the jar holds no profile " + name);
            }
            return read(in);
        }
    }

    static Map<String, String> read(InputStream in) throws IOException {
        final Properties properties = new Properties();
        properties.load(in);
        final Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }
}
