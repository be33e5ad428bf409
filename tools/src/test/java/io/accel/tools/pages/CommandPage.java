package io.accel.tools.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What the help of one command says, taken apart.
 *
 * @param name        with the commands above it, as {@code accel explain udp}
 * @param synopsis    one line, or several
 * @param description sentences
 * @param parameters  what may stand behind it
 * @param options     what may be given it
 * @param footer      what the help says at its end
 * @param commands    its own
 */
record CommandPage(String name, String synopsis, List<String> description, List<Argument> parameters, List<Argument> options,
                   List<String> footer, List<CommandPage> commands) {
    /** A parameter or an option. @param label as it is written on a command line */
    record Argument(String label, String text) {
    }

    /** Of a command that picocli knows. */
    static CommandPage of(String above, CommandLine line) {
        final CommandSpec spec = line.getCommandSpec();
        final String name = above + " " + spec.name();
        final Help help = new Help(spec, Help.defaultColorScheme(Ansi.OFF));
        final List<Argument> options = new ArrayList<>();
        for (final OptionSpec each : spec.options()) {
            if (!each.hidden()) {
                final String value = each.typeInfo().isBoolean() ? ""
                    : (each.longestName().startsWith("--") ? "=" : each.typeInfo().isMap() ? "" : " ") + each.paramLabel();
                options.add(new Argument(String.join(", ", each.names()) + value, text(each)));
            }
        }
        final List<Argument> parameters = new ArrayList<>();
        for (final PositionalParamSpec each : spec.positionalParameters()) {
            parameters.add(new Argument(percents(each.paramLabel()), text(each)));
        }
        final List<CommandPage> commands = spec.subcommands().values().stream()
            .filter(each -> !each.getCommandSpec().usageMessage().hidden()).map(each -> of(name, each)).toList();
        return new CommandPage(name, help.synopsis(0).strip(), lines(spec.usageMessage().description()), parameters, options,
            lines(spec.usageMessage().footer()), commands);
    }

    private static List<String> lines(String[] given) {
        return Arrays.stream(given).filter(each -> !each.isBlank()).map(CommandPage::percents).toList();
    }

    private static String text(ArgSpec argument) {
        final String text = String.join(" ", argument.description());
        final Iterable<String> candidates = argument.completionCandidates();
        final String choices = candidates == null ? ""
            : String.join(", ", StreamSupport.stream(candidates.spliterator(), false).toList());
        return percents(text.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValueString()))
            .replace("${COMPLETION-CANDIDATES}", choices));
    }

    /** Texts of picocli's are formats. */
    private static String percents(String text) {
        return text.replace("%n", " ").replace("%%", "%");
    }
}
