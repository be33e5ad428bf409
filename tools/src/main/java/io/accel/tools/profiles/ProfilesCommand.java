package io.accel.tools.profiles;

import io.accel.core.config.Configuration;
import io.accel.core.config.Option;
import io.accel.core.config.Options;
import io.accel.core.config.Profiles;
import io.accel.tools.ToolException;
import io.accel.tools.text.Json;
import io.accel.tools.text.TextTable;
import io.accel.tools.text.Wrapped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The profiles there are, and what each option would be for a program that is started here. */
@Command(name = "profiles", mixinStandardHelpOptions = true,
    description = "The profiles there are, and each option's value for a program that is started here, with where the value comes from.",
    footer = {"", "Strongest first: -Daccel.x=, here or in JDK_JAVA_OPTIONS; ACCEL_X in the environment; the file that "
        + "accel.config names; the profile; the default. What is wrong with them is told, with status 1."})
public final class ProfilesCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME|FILE", description = "the profile to show instead of the one that is set")
    private String profile;

    @picocli.CommandLine.Option(names = "-D", paramLabel = "accel.x=VALUE", description = "an option, as the program would be given it",
        mapFallbackValue = "")
    private Map<String, String> given = new LinkedHashMap<>();

    @picocli.CommandLine.Option(names = "--json", description = "as JSON, with what each option does and allows")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final Map<String, String> properties = new HashMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> properties.put(name, System.getProperty(name)));
        properties.putAll(given);
        if (profile != null) {
            check(profile);
            properties.put(Options.PROFILE.property(), profile);
        }
        final Configuration configuration = Configuration.of(properties, System.getenv());
        System.out.print(json ? Json.write(document(configuration)) : text(configuration));
        return configuration.complaints().isEmpty() ? 0 : 1;
    }

    private static void check(String profile) throws ToolException {
        try {
            Options.PROFILE.parser().apply(profile);
            Profiles.description(profile);
        } catch (final IllegalArgumentException e) {
            throw new ToolException(e.getMessage() + "; a file's name has a slash or ends in .properties", e);
        } catch (final IOException e) {
            throw new ToolException("the profile cannot be read: " + e, e);
        }
    }

    static String text(Configuration configuration) throws IOException {
        final String chosen = configuration.get(Options.PROFILE);
        final List<String> names = new ArrayList<>(Profiles.NAMES);
        if (!names.contains(chosen)) {
            names.add(chosen);
        }
        final TextTable profiles = new TextTable("profile", "what it is for");
        for (final String name : names) {
            profiles.row((name.equals(chosen) ? "* " : "  ") + name, description(name));
        }
        final TextTable options = new TextTable("option", "value", "from");
        for (final Option<?> option : Options.all()) {
            final String value = configuration.get(option).toString();
            options.row(option.property(), value.isEmpty() ? "-" : value, configuration.origin(option));
        }
        final StringBuilder text = new StringBuilder(profiles.leftAligned()).append('\n').append(options.leftAligned());
        for (final String complaint : configuration.complaints()) {
            text.append('\n').append(Wrapped.lines("! ", complaint));
        }
        return text.toString();
    }

    private static String description(String profile) throws IOException {
        try {
            return Profiles.description(profile);
        } catch (final IOException e) {
            return "cannot be read: " + e;
        }
    }

    static Map<String, Object> document(Configuration configuration) throws IOException {
        final Map<String, Object> profiles = new LinkedHashMap<>();
        for (final String name : Profiles.NAMES) {
            profiles.put(name, Profiles.description(name));
        }
        final Map<String, Object> options = new LinkedHashMap<>();
        for (final Option<?> option : Options.all()) {
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("value", configuration.get(option));
            one.put("origin", configuration.origin(option));
            one.put("default", option.defaultValue());
            one.put("allowed", option.values());
            one.put("help", option.help());
            options.put(option.property(), one);
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("profile", configuration.get(Options.PROFILE));
        document.put("profiles", profiles);
        document.put("options", options);
        document.put("complaints", configuration.complaints());
        return document;
    }
}
