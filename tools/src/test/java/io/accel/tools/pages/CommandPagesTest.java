package io.accel.tools.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.tools.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The pages of the commands, docs/commands/*.md and docs/man/*.1, are what the commands' help says. */
class CommandPagesTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();
    private static final Path MARKDOWN = ROOT.resolve("docs/commands");
    private static final Path MAN = ROOT.resolve("docs/man");
    /** The script's own, which Java knows nothing of, each with a clause of what it is for. */
    private static final Map<String, String> OF_THE_SCRIPT = Map.of("build", "makes target/dist/accel.jar",
        "test", "builds and runs every test", "run", "runs a program accelerated, without changing it");

    private static Map<Path, String> pages() {
        final Map<Path, String> pages = new TreeMap<>();
        for (final CommandLine each : Main.commandLine().getSubcommands().values()) {
            if (!each.getCommandSpec().usageMessage().hidden()) {
                final CommandPage page = CommandPage.of("accel", each);
                pages.put(MARKDOWN.resolve(each.getCommandName() + ".md"), MarkdownPage.of(page));
                pages.put(MAN.resolve("accel-" + each.getCommandName() + ".1"), ManPage.of(page));
            }
        }
        OF_THE_SCRIPT.forEach((name, summary) -> {
            final String help = helpOfTheScript(name);
            pages.put(MARKDOWN.resolve(name + ".md"), MarkdownPage.ofHelp("accel " + name, help));
            pages.put(MAN.resolve("accel-" + name + ".1"), ManPage.ofHelp("accel " + name, summary, help));
        });
        final String all = helpOfTheScript("");
        pages.put(MAN.resolve("accel.1"), ManPage.ofHelp("accel", "a UDP/IP stack in user space for Java: its command", all));
        pages.put(MARKDOWN.resolve("README.md"), index(pages));
        return pages;
    }

    private static String index(Map<Path, String> pages) {
        return "# The commands\n\nMade from the pages beside it; do not edit. The same for man(1) is in `docs/man`: "
            + "`man ./docs/man/accel-explain.1`.\n\n"
            + pages.keySet().stream().filter(each -> each.startsWith(MARKDOWN)).map(each -> each.getFileName().toString())
                .map(each -> "* [accel " + each.replace(".md", "") + "](" + each + ")\n").collect(Collectors.joining());
    }

    private static String helpOfTheScript(String command) {
        try {
            final Process process = new ProcessBuilder(ROOT.resolve("accel").toAbsolutePath().toString(), "help", command)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            final String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(help).isZero();
            return help;
        } catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes them anew when run with -Daccel.test.docs=write. */
    @Test
    void everyPageIsUpToDate() throws IOException {
        final Map<Path, String> pages = pages();
        if ("write".equals(System.getProperty("accel.test.docs"))) {
            for (final Map.Entry<Path, String> each : pages.entrySet()) {
                Files.createDirectories(each.getKey().getParent());
                Files.writeString(each.getKey(), each.getValue());
            }
        }
        pages.forEach((file, content) -> assertThat(file).as("run this test with -Daccel.test.docs=write").hasContent(content));
        try (Stream<Path> markdown = Files.list(MARKDOWN); Stream<Path> man = Files.list(MAN)) {
            assertThat(Stream.concat(markdown, man)).as("no page is left of a command that there was").hasSameElementsAs(pages.keySet());
        }
    }

    @Test
    void everyCommandOfTheScriptHasAPage() throws IOException {
        final String names = Files.readAllLines(ROOT.resolve("accel")).stream().filter(each -> each.startsWith("commands=("))
            .findFirst().orElseThrow();
        final List<String> commands = List.of(names.replaceAll("commands=\\(|\\)", "").split(" "));
        assertThat(commands).contains("run", "explain").allSatisfy(each -> assertThat(each.equals("help")
            || pages().containsKey(MARKDOWN.resolve(each + ".md"))).as(each).isTrue());
    }
}
