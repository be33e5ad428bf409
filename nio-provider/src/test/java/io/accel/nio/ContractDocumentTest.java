package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of the contract names tests that exist, and every line of it names one. */
class ContractDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)#(\\w+)`");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        final String document = Files.readString(ROOT.resolve("docs/contract.md"));
        final List<MatchResult> named = NAMED.matcher(document).results().toList();
        assertThat(named).hasSizeGreaterThan(100);
        final List<String> missing = new ArrayList<>();
        for (final MatchResult each : named) {
            final Pattern test = Pattern.compile("@(Parameterized)?Test\\b[^;]{0,400}?\\bvoid " + each.group(2) + "\\(");
            if (!test.matcher(source(each.group(1))).find()) {
                missing.add(each.group());
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyLineNamesATest() throws IOException {
        final String document = Files.readString(ROOT.resolve("docs/contract.md"));
        final String lines = document.substring(document.indexOf("\n## Provider"), document.indexOf("\n## Lines that do not hold"));
        assertThat(lines.lines().filter(line -> line.startsWith("| ") && !line.startsWith("| line |"))).isNotEmpty()
            .allMatch(line -> NAMED.matcher(line).find());
    }

    private static String source(String simpleName) throws IOException {
        for (final String module : new String[] {"nio-provider", "integration-tests", "udp-stack", "accel-core"}) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                final List<Path> found = files.filter(file -> file.endsWith(simpleName + ".java")).toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.get(0));
                }
            }
        }
        return "";
    }
}
