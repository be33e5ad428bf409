package io.accel.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The values of the options, read once. Strongest first: system property, environment variable, the file that {@code accel.config} names,
 * the profile that {@code accel.profile} names, default. A mistake never stops a program: it becomes a complaint, and the default counts.
 * Immutable in effect; any thread.
 */
public final class Configuration {
    private static final String DEFAULT = "default";

    private final List<Source> sources = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Map<Option<?>, Setting> settings = new ConcurrentHashMap<>();

    private record Setting(Object value, String origin) {
    }

    /** @param properties maps a full option name to its value or null */
    public Configuration(UnaryOperator<String> properties) {
        this(listed(properties), Map.of(), List.of());
    }

    private Configuration(Map<String, String> properties, Map<String, String> variables, List<String> earlier) {
        complaints.addAll(earlier);
        sources.add(Source.ofProperties("system property", properties));
        sources.add(Source.ofEnvironment(variables));
        addFile();
        addProfile();
        for (final Source source : sources) {
            complainOfUnknown(source);
        }
        for (final Option<?> option : Options.all()) {
            settings.computeIfAbsent(option, o -> read(o, complaints));
        }
        complaints.addAll(InterfaceSelection.parse(get(Options.INTERFACES)).complaints());
    }

    /** From the system properties, the environment, and the file and profile that they name. */
    public static Configuration ofSystem() {
        final List<String> complaints = new ArrayList<>();
        final Map<String, String> properties = SystemEnvironment.properties(complaints);
        final Map<String, String> variables = SystemEnvironment.variables(complaints);
        return SystemEnvironment.privileged(() -> new Configuration(properties, variables, complaints));
    }

    /** From given properties and environment variables, and the file and profile that they name. */
    public static Configuration of(Map<String, String> properties, Map<String, String> variables) {
        return new Configuration(properties, variables, List.of());
    }

    @SuppressWarnings("unchecked")
    public <T> T get(Option<T> option) {
        return (T) setting(option).value;
    }

    /** Where the value comes from, in words: {@code system property}, {@code profile latency}, {@code default}. */
    public String origin(Option<?> option) {
        return setting(option).origin;
    }

    /** What is wrong with what the user gave, one sentence each, to be printed once. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    private Setting setting(Option<?> option) {
        final Setting known = settings.get(option);
        // An option that is not in the list is somebody's own: nobody would print what is wrong with it.
        return known != null ? known : settings.computeIfAbsent(option, o -> read(o, new ArrayList<>()));
    }

    private Setting read(Option<?> option, Collection<String> wrong) {
        for (final Source source : sources) {
            final String given = source.value(option);
            if (given == null) {
                continue;
            }
            try {
                return new Setting(option.parser().apply(given.strip()), source.origin());
            } catch (final IllegalArgumentException e) {
                wrong.add(source.named().apply(option) + "=" + given + " (" + source.origin() + "): " + e.getMessage() + "; allowed: "
                    + option.values() + "; the default counts: " + (option.defaultValue().isEmpty() ? "nothing" : option.defaultValue()));
                break;
            }
        }
        return new Setting(option.parser().apply(option.defaultValue()), DEFAULT);
    }

    private void addFile() {
        final String name = (String) read(Options.CONFIG, complaints).value;
        if (name.isEmpty()) {
            return;
        }
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            sources.add(Source.ofProperties("file " + name, Profiles.read(in)));
        } catch (final IOException | IllegalArgumentException | SecurityException e) {
            complaints.add(Options.CONFIG.property() + "=" + name + ": the file cannot be read, and nothing of it counts: " + e);
        }
    }

    private void addProfile() {
        final Setting profile = read(Options.PROFILE, new ArrayList<>());
        try {
            sources.add(Source.ofProperties("profile " + profile.value, Profiles.load((String) profile.value)));
        } catch (final IOException | IllegalArgumentException | SecurityException e) {
            complaints.add(Options.PROFILE.property() + "=" + profile.value + ": the profile cannot be read, and nothing of it counts: "
                + e);
        }
    }

    private void complainOfUnknown(Source source) {
        final Collection<String> known = new TreeSet<>();
        Options.all().forEach(option -> known.add(source.named().apply(option)));
        for (final String name : source.values().keySet()) {
            if (!known.contains(name)) {
                complaints.add(name + " (" + source.origin() + ") is no option of Accel and does nothing" + Names.suggestion(name, known));
            }
        }
    }

    private static Map<String, String> listed(UnaryOperator<String> properties) {
        final Map<String, String> values = new HashMap<>();
        for (final Option<?> option : Options.all()) {
            final String value = properties.apply(option.property());
            if (value != null) {
                values.put(option.property(), value);
            }
        }
        return values;
    }
}
