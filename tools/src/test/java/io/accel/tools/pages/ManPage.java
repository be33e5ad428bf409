package io.accel.tools.pages;

import java.util.List;
import java.util.Locale;

/** A command's page for man(1), in the macros of groff_man(7). */
final class ManPage {
    private final StringBuilder text = new StringBuilder();

    private ManPage() {
    }

    static String of(CommandPage page) {
        final ManPage made = new ManPage();
        made.head(page.name(), page.description().isEmpty() ? "" : page.description().get(0));
        made.section("SYNOPSIS");
        made.verbatim(page.synopsis());
        made.section("DESCRIPTION");
        page.description().forEach(made::paragraph);
        made.arguments("PARAMETERS", page.parameters());
        made.arguments("OPTIONS", page.options());
        if (!page.footer().isEmpty()) {
            made.section("NOTES");
            page.footer().forEach(made::paragraph);
        }
        page.commands().forEach(made::command);
        return made.text.toString();
    }

    /** Of a command whose help is all that there is. @param summary one clause */
    static String ofHelp(String name, String summary, String help) {
        final ManPage made = new ManPage();
        made.head(name, summary);
        made.section("DESCRIPTION");
        made.verbatim(help);
        return made.text.toString();
    }

    private void head(String name, String summary) {
        final String page = name.replace(' ', '-');
        text.append(".TH ").append(page.toUpperCase(Locale.ROOT)).append(" 1 \"\" Accel\n");
        section("NAME");
        text.append(escaped(page)).append(" \\- ").append(escaped(summary.replaceAll("\\.( .*)?$", ""))).append('\n');
    }

    private void command(CommandPage page) {
        section(page.name().toUpperCase(Locale.ROOT));
        verbatim(page.synopsis());
        page.description().forEach(this::paragraph);
        page.parameters().forEach(this::argument);
        page.options().forEach(this::argument);
        page.footer().forEach(this::paragraph);
        page.commands().forEach(this::command);
    }

    private void section(String name) {
        text.append(".SH ").append(escaped(name)).append('\n');
    }

    private void paragraph(String words) {
        text.append(".PP\n").append(escaped(words)).append('\n');
    }

    private void verbatim(String lines) {
        text.append(".nf\n");
        lines.lines().forEach(each -> text.append(escaped(each)).append('\n'));
        text.append(".fi\n");
    }

    private void arguments(String name, List<CommandPage.Argument> arguments) {
        if (!arguments.isEmpty()) {
            section(name);
            arguments.forEach(this::argument);
        }
    }

    private void argument(CommandPage.Argument argument) {
        text.append(".TP\n\\fB").append(escaped(argument.label())).append("\\fR\n").append(escaped(argument.text())).append('\n');
    }

    /** A dash is a minus sign here, and a line must not begin with what starts a request. */
    private static String escaped(String words) {
        final String text = words.replace("\\", "\\e").replace("-", "\\-");
        return text.startsWith(".") || text.startsWith("'") ? "\\&" + text : text;
    }
}
