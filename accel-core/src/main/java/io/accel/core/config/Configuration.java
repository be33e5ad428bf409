package io.accel.core.config;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The values of the options, each read once and kept. Any thread. */
public final class Configuration {
    private final UnaryOperator<String> properties;
    private final Map<Option<?>, Object> values = new ConcurrentHashMap<>();

    /** @param properties maps a full option name to its value or null */
    public Configuration(UnaryOperator<String> properties) {
        this.properties = properties;
    }

    /** From the system properties. */
    public static Configuration ofSystem() {
        return new Configuration(System::getProperty);
    }

    @SuppressWarnings("unchecked")
    public <T> T get(Option<T> option) {
        return (T) values.computeIfAbsent(option, this::read);
    }

    private Object read(Option<?> option) {
        final String given = properties.apply(option.property());
        return option.parser().apply(given == null ? option.defaultValue() : given);
    }
}
