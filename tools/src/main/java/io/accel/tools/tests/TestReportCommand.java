package io.accel.tools.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells which tests failed and which were skipped and why, and ends with one line of counts. */
@Command(name = "test-report", hidden = true, description = "Sums up Surefire's reports")
public final class TestReportCommand implements Callable<Integer> {
    private static final int LINES_OF_A_MESSAGE = 12;
    private static final int LINES_OF_A_STACK = 12;

    @Option(names = "--seconds", description = "how long the tests took")
    private long seconds;

    @Parameters(description = "directories with TEST-*.xml")
    private List<Path> directories;

    @Override
    public Integer call() throws IOException {
        final TestResults results = new TestResults();
        for (final Path directory : directories) {
            results.addDirectory(directory);
        }
        final boolean skipsCount = "true".equals(System.getenv("CI"));
        System.out.print(describe(results, skipsCount));
        System.out.printf("%d passed, %d failed, %d skipped%s%n", results.passed(), results.failures().size(), results.skips().size(),
            seconds > 0 ? " in " + seconds / 60 + " min " + seconds % 60 + " s" : "");
        return isGood(results, skipsCount) ? 0 : 1;
    }

    /** A run is good if something passed and nothing failed, nor was skipped where that counts as a failure. */
    static boolean isGood(TestResults results, boolean skipsCount) {
        return results.passed() > 0 && results.failures().isEmpty() && !(skipsCount && !results.skips().isEmpty());
    }

    static String describe(TestResults results, boolean skipsCount) {
        final StringBuilder text = new StringBuilder();
        for (final TestResults.Incident failure : results.failures()) {
            text.append("FAILED   ").append(failure.test()).append('\n');
            Stream.concat(failure.message().lines().limit(LINES_OF_A_MESSAGE), failure.where().stream().limit(LINES_OF_A_STACK))
                .forEach(line -> text.append("         ").append(line).append('\n'));
        }
        final Map<String, List<String>> skipsByReason = results.skips().stream().collect(Collectors.groupingBy(
            skip -> skip.message().isEmpty() ? "no reason given" : skip.message(), TreeMap::new,
            Collectors.mapping(TestResults.Incident::test, Collectors.toList())));
        skipsByReason.forEach((reason, tests) -> {
            text.append("SKIPPED  ").append(reason).append(": ").append(tests.size()).append(tests.size() == 1 ? " test\n" : " tests\n");
            tests.forEach(test -> text.append("         ").append(test).append('\n'));
        });
        if (skipsCount && !skipsByReason.isEmpty()) {
            text.append("CI=true: a skipped test is a failure\n");
        }
        if (results.passed() == 0) {
            text.append("No test passed: this is a failure\n");
        }
        return text.toString();
    }
}
