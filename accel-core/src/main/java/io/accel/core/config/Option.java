package io.accel.core.config;

import java.util.function.Function;

/**
 * An option, declared once: its name, default, help and check.
 *
 * @param name         without the {@code accel.} prefix, for instance {@code spin.micros}
 * @param defaultValue as a user would write it
 * @param values       what is allowed, in words
 * @param help         one sentence
 * @param parser       throws {@link IllegalArgumentException} with a text that says what is wrong
 */
public record Option<T>(String name, String defaultValue, String values, String help, Function<String, T> parser) {
    /** The full name as given with {@code -D}. */
    public String property() {
        return "accel." + name;
    }

    /** The name as an environment variable. */
    public String variable() {
        return property().replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    }
}
