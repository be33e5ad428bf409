package io.accel.tools.pages;

import java.util.List;

/** A command's page as Markdown. */
final class MarkdownPage {
    private static final String NOTE = "Made from what the command's help says; do not edit.\n";

    private final StringBuilder text = new StringBuilder();

    private MarkdownPage() {
    }

    static String of(CommandPage page) {
        final MarkdownPage made = new MarkdownPage();
        made.text.append("# ").append(page.name()).append("\n\n").append(NOTE);
        made.body(page, "#");
        return made.text.toString();
    }

    /** Of a command whose help is all that there is. */
    static String ofHelp(String name, String help) {
        return "# " + name + "\n\n" + NOTE + "\n```\n" + help + "```\n";
    }

    private void body(CommandPage page, String level) {
        text.append("\n```\n").append(page.synopsis()).append("\n```\n\n");
        page.description().forEach(each -> text.append(each).append('\n'));
        table("parameter", page.parameters());
        table("option", page.options());
        if (!page.footer().isEmpty()) {
            text.append('\n').append(String.join("\n", page.footer())).append('\n');
        }
        for (final CommandPage each : page.commands()) {
            text.append('\n').append(level).append("# ").append(each.name()).append('\n');
            body(each, level + "#");
        }
    }

    private void table(String head, List<CommandPage.Argument> rows) {
        if (!rows.isEmpty()) {
            text.append("\n| ").append(head).append(" | what it does |\n|---|---|\n");
            rows.forEach(each -> text.append("| `").append(cell(each.label())).append("` | ").append(cell(each.text())).append(" |\n"));
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
