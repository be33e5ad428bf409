package io.accel.tools.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportTest {
    @TempDir
    private Path directory;

    private TestResults results(String cases) throws IOException {
        Files.writeString(directory.resolve("TEST-x.xml"), "<testsuite name='x'>" + cases + "</testsuite>");
        final TestResults results = new TestResults();
        results.addDirectory(directory);
        results.addDirectory(directory.resolve("absent"));
        return results;
    }

    @Test
    void passesAreCounted() throws IOException {
        final TestResults results = results("<testcase name='a' classname='io.accel.X'/><testcase name='b' classname='io.accel.X'/>");
        assertThat(results.passed()).isEqualTo(2);
        assertThat(TestReportCommand.isGood(results, true)).isTrue();
        assertThat(TestReportCommand.describe(results, true)).isEmpty();
    }

    @Test
    void failuresAndErrorsAreNamedWithTheirMessage() throws IOException {
        final TestResults results = results("<testcase name='a' classname='X'><failure message='expected 1&#10;but was 2'/></testcase>"
            + "<testcase name='b' classname='io.accel.X'><error type='java.lang.Error'/></testcase>"
            + "<testcase name='c' classname='X'/>");
        assertThat(TestReportCommand.describe(results, false)).isEqualTo("""
            FAILED   X.a
                     expected 1
                     but was 2
            FAILED   X.b
                     java.lang.Error
            """);
        assertThat(TestReportCommand.isGood(results, false)).isFalse();
    }

    /** In a log of another machine these lines are all that there is. */
    @Test
    void aFailureSaysWhereItWasAndInWhichExecution() throws IOException {
        Files.writeString(directory.resolve("TEST-io.accel.X-kernel-path.xml"), """
            <testsuite><testcase name='a' classname='io.accel.X'><error message='timed out'>java.util.concurrent.TimeoutException: timed out
            \tat org.junit.Timeout.run(Timeout.java:1)
            \tSuppressed: org.junit.Execution: Execution timed out in thread junit-3
            \t\tat java.base/java.lang.Object.wait(Native Method)
            \t\tat io.accel.X.a(X.java:7)
            \t\tat app//io.accel.X.b(X.java:8)
            Caused by: java.io.IOException: bad
            \t... 3 more
            </error></testcase><testcase name='b' classname='io.accel.X'/></testsuite>
            """);
        final TestResults results = new TestResults();
        results.addDirectory(directory);
        assertThat(TestReportCommand.describe(results, false)).isEqualTo("""
            FAILED   X.a (kernel-path)
                     timed out
                     Suppressed: org.junit.Execution: Execution timed out in thread junit-3
                     at io.accel.X.a(X.java:7)
                     at app//io.accel.X.b(X.java:8)
                     Caused by: java.io.IOException: bad
            """);
    }

    @Test
    void skipsAreGroupedByReasonAndFailOnlyWhereTheyCount() throws IOException {
        final TestResults results = results("<testcase name='a' classname='X'>"
            + "<skipped message='org.opentest4j.TestAbortedException: Assumption failed: needs root'/></testcase>"
            + "<testcase name='b' classname='X'><skipped message='needs root'/></testcase><testcase name='c' classname='X'/>");
        assertThat(TestReportCommand.describe(results, false)).contains("SKIPPED  needs root: 2 tests\n", "X.a\n", "X.b\n");
        assertThat(TestReportCommand.isGood(results, false)).isTrue();
        assertThat(TestReportCommand.isGood(results, true)).isFalse();
    }

    @Test
    void nothingRunIsNotGood() throws IOException {
        assertThat(TestReportCommand.isGood(results(""), false)).isFalse();
    }

    @Test
    void aReportCutShortIsSaid() throws IOException {
        Files.writeString(directory.resolve("TEST-y.xml"), "<testsuite name='x'><testcase");
        assertThatThrownBy(() -> results("")).hasMessageContaining("was the test JVM killed?");
    }
}
