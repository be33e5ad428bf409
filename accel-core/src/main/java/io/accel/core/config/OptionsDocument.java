package io.accel.core.config;

/** The page about the options, made from their declarations. */
public final class OptionsDocument {
    private OptionsDocument() {
    }

    /** Markdown: a table of all options, then how they are given. */
    public static String markdown() {
        final StringBuilder text = new StringBuilder("# Options\n\nMade from the declarations in `Options.java`; do not edit.\n\n"
            + "Strongest first: the system property `-Daccel.x.y=`, the environment variable `ACCEL_X_Y`, the properties file that\n"
            + "`accel.config` names, the profile that `accel.profile` names, the default. An unknown name and a malformed value are\n"
            + "reported once on standard error, and the program goes on with the default.\n\n"
            + "| option | default | allowed | what it does |\n|---|---|---|---|\n");
        for (final Option<?> option : Options.all()) {
            final String byDefault = option.defaultValue().isEmpty() ? "" : "`" + option.defaultValue() + "`";
            text.append("| `").append(option.property()).append("` | ").append(byDefault).append(" | ").append(cell(option.values()))
                .append(" | ").append(cell(option.help())).append(" |\n");
        }
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
