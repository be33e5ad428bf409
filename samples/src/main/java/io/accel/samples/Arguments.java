package io.accel.samples;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The command line of a sample: {@code --name=value} options that are declared with their default, and the help made of them. */
final class Arguments {
    private final String program;
    private final String purpose;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> help = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();

    Arguments(String program, String purpose) {
        this.program = program;
        this.purpose = purpose;
        flag("help", "prints this");
    }

    /** A wrong command line; the message is for the user. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** Declares an option that takes a value. */
    Arguments option(String name, String byDefault, String meaning) {
        values.put(name, byDefault);
        help.add(String.format("  --%-32s %s%s", name + "=" + name.toUpperCase(Locale.ROOT), meaning,
            byDefault.isEmpty() ? "" : " (default " + byDefault + ")"));
        return this;
    }

    /** Declares an option that is there or not; {@code --name=false} is accepted. */
    Arguments flag(String name, String meaning) {
        values.put(name, "false");
        flags.add(name);
        help.add(String.format("  --%-32s %s", name, meaning));
        return this;
    }

    /** Takes the command line in. */
    Arguments parse(String... args) {
        for (final String arg : args) {
            if (arg.equals("-h")) {
                values.put("help", "true");
                continue;
            }
            if (!arg.startsWith("--")) {
                throw new UsageException("'" + arg + "' is not an option of the form --name=value");
            }
            final int equals = arg.indexOf('=');
            final String name = arg.substring(2, equals < 0 ? arg.length() : equals);
            if (!values.containsKey(name)) {
                throw new UsageException("unknown option --" + name + "; there are " + String.join(", ", names()));
            }
            if (equals < 0 && !flags.contains(name)) {
                throw new UsageException("--" + name + " needs a value: --" + name + "=...");
            }
            values.put(name, equals < 0 ? "true" : arg.substring(equals + 1));
        }
        return this;
    }

    private List<String> names() {
        return values.keySet().stream().map(name -> "--" + name).toList();
    }

    String usage() {
        return "usage: " + program + " [--name=value ...]\n" + purpose + "\n" + String.join("\n", help);
    }

    String text(String name) {
        return values.get(name);
    }

    boolean isSet(String name) {
        final String value = values.get(name);
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new UsageException("--" + name + "=" + value + ": neither true nor false");
        };
    }

    int integer(String name, int min, int max) {
        return (int) number(name, min, max);
    }

    long number(String name, long min, long max) {
        final long value;
        try {
            value = Long.parseLong(values.get(name).replace("_", ""));
        } catch (final NumberFormatException e) {
            throw new UsageException("--" + name + "=" + values.get(name) + ": not a whole number");
        }
        if (value < min || value > max) {
            throw new UsageException("--" + name + "=" + value + ": not in " + min + ".." + max);
        }
        return value;
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
        final List<String> allowed = new ArrayList<>();
        for (final E constant : type.getEnumConstants()) {
            if (word(constant).equals(values.get(name))) {
                return constant;
            }
            allowed.add(word(constant));
        }
        throw new UsageException("--" + name + "=" + values.get(name) + ": none of " + String.join(", ", allowed));
    }

    /** An enum constant as a user writes it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** HOST:PORT, with an IPv6 address in brackets; HOST may be empty or * for the wildcard. */
    InetSocketAddress address(String name) {
        final String value = values.get(name);
        final int colon = value.lastIndexOf(':');
        if (colon < 0) {
            throw new UsageException("--" + name + "=" + value + ": not of the form HOST:PORT");
        }
        final int port;
        try {
            port = Integer.parseInt(value.substring(colon + 1));
        } catch (final NumberFormatException e) {
            throw new UsageException("--" + name + "=" + value + ": the port is not a number");
        }
        if (port < 0 || port > 65535) {
            throw new UsageException("--" + name + "=" + value + ": the port is not in 0..65535");
        }
        final String host = value.substring(0, colon);
        if (host.isEmpty() || host.equals("*")) {
            return new InetSocketAddress(port);
        }
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UsageException("--" + name + "=" + value + ": unknown host");
        }
        return address;
    }
}
