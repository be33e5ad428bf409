package io.accel.core.config;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A place that options come from.
 *
 * @param origin what a user calls it
 * @param named  how it calls an option
 * @param values all that it has under names of ours, sorted
 */
record Source(String origin, Function<Option<?>, String> named, Map<String, String> values) {
    static final String PROPERTY_PREFIX = "accel.";
    private static final String VARIABLE_PREFIX = "ACCEL_";
    /** Names under it are our tests'. */
    private static final String TEST = "test";

    static Source ofProperties(String origin, Map<String, String> all) {
        return new Source(origin, Option::property, select(all, PROPERTY_PREFIX));
    }

    static Source ofEnvironment(Map<String, String> all) {
        return new Source("environment", Option::variable, select(all, VARIABLE_PREFIX));
    }

    private static Map<String, String> select(Map<String, String> all, String prefix) {
        final Map<String, String> ours = new TreeMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix) && !name.regionMatches(true, prefix.length(), TEST, 0, TEST.length())) {
                ours.put(name, value);
            }
        });
        return ours;
    }

    /** The value as given, or null. */
    String value(Option<?> option) {
        return values.get(named.apply(option));
    }
}
