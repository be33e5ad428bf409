package io.accel.tools.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChecklistTest {
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final Checklist list = new Checklist(new PrintStream(told, true, StandardCharsets.UTF_8));

    @Test
    void tellsEachStepAndTheSum() {
        assertThat(list.run("first", () -> Outcome.ok("fine")).isGood()).isTrue();
        list.skip("second", "for want of a peer");
        assertThat(list.finish()).isZero();
        assertThat(told.toString(StandardCharsets.UTF_8)).isEqualTo("""
              first      ok      fine
              second     skipped for want of a peer

            1 ok, 0 failed, 1 skipped
            """);
    }

    @Test
    void anExceptionIsAFailureWithItsWords() {
        assertThat(list.run("first", () -> {
            throw new IOException("no way");
        }).isGood()).isFalse();
        assertThat(list.finish()).isEqualTo(1);
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("  first      failed  no way\n");
    }
}
