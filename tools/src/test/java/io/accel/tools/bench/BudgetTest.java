package io.accel.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static Medians measured() {
        final Medians medians = new Medians();
        for (final double p50 : List.of(0.3, 0.2, 9.0)) {
            medians.add("Accel", Measured.of(Map.of("p50 µs", p50)));
        }
        medians.add("JDK", Measured.of(Map.of("p50 µs", 5.0)));
        medians.add("JDK", Measured.of(Map.of("p50 µs", 7.0)));
        return medians;
    }

    @Test
    void theMedianDisregardsTheOddOneOut() {
        assertThat(measured().of("Accel", "p50 µs")).isEqualTo(0.3);
        assertThat(measured().of("JDK", "p50 µs")).isEqualTo(6.0);
        assertThat(measured().of("Netty", "p50 µs")).isNaN();
    }

    @Test
    void aBudgetIsMetOrMissed() {
        assertThat(Budget.atLeast("p50 µs", "JDK", "Accel", 15).describe(measured()))
            .isEqualTo("p50 µs of JDK / Accel: 20.00, to be at least 15.00  met");
        assertThat(Budget.atMost("p50 µs", "JDK", "Accel", 15).describe(measured())).endsWith("MISSED");
    }

    @Test
    void whatWasNotMeasuredIsNotMet() {
        final Budget budget = Budget.atLeast("p50 µs", "JDK", "Netty", 1);
        assertThat(budget.isMet(measured())).isFalse();
        assertThat(budget.describe(measured())).endsWith("NOT MEASURED");
    }

    @Test
    void theTableShowsWhatThereIs() {
        final Measured measured = Measured.of(Map.of());
        final Section section = new Section("x", "X", List.of("p50 µs", "rate/s"),
            List.of(new Contender("JDK", () -> measured), new Contender("Netty", () -> measured)), List.of());
        assertThat(BenchCommand.table(section, measured())).isEqualTo("""
                     p50 µs  rate/s
              JDK      6.00       -
              Netty       -       -
            """);
    }
}
