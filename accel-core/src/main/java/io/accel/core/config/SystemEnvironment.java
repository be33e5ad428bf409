package io.accel.core.config;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads properties and variables with this library's own permissions, since a program under a security manager has fewer. */
@SuppressWarnings("removal")
final class SystemEnvironment {
    private SystemEnvironment() {
    }

    static <T> T privileged(PrivilegedAction<T> action) {
        return AccessController.doPrivileged(action);
    }

    static Map<String, String> properties(List<String> complaints) {
        return privileged(() -> {
            try {
                final Map<String, String> all = new HashMap<>();
                for (final String name : System.getProperties().stringPropertyNames()) {
                    all.put(name, System.getProperty(name));
                }
                return all;
            } catch (final SecurityException e) {
                // A policy may allow our names only, and then there is no list of all.
                return oneByOne(Option::property, System::getProperty, "system properties", complaints);
            }
        });
    }

    static Map<String, String> variables(List<String> complaints) {
        return privileged(() -> {
            try {
                return System.getenv();
            } catch (final SecurityException e) {
                return oneByOne(Option::variable, System::getenv, "environment variables", complaints);
            }
        });
    }

    private static Map<String, String> oneByOne(Function<Option<?>, String> named, Function<String, String> read, String what,
                                                List<String> complaints) {
        final Map<String, String> found = new HashMap<>();
        int refused = 0;
        for (final Option<?> option : Options.all()) {
            final String name = named.apply(option);
            try {
                final String value = read.apply(name);
                if (value != null) {
                    found.put(name, value);
                }
            } catch (final SecurityException e) {
                refused++;
            }
        }
        if (refused > 0) {
            complaints.add("the security manager lets Accel not read " + refused + " of its " + what + ": they count as not given");
        }
        return found;
    }
}
