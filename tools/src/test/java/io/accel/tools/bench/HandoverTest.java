package io.accel.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private int pauses;
    private final Deque<Double> looks = new ArrayDeque<>();
    private final Handover handover = new Handover(() -> looks.size() > 1 ? looks.pop() : looks.element(), () -> pauses++);
    private int runs;

    private Measured run() throws IOException {
        return handover.run(() -> new Measured(Map.of("rate/s", (double) ++runs), List.of(1.0)));
    }

    @Test
    void aSteadyMachineIsMeasuredOnce() throws IOException {
        Collections.addAll(looks, 0.12, 0.13);
        final Measured measured = run();
        assertThat(measured.metrics()).containsEntry("rate/s", 1.0).containsEntry(Handover.METRIC, 0.13);
        assertThat(measured.curve()).containsExactly(1.0);
        assertThat(handover.describe()).isEqualTo("From CPU to CPU and back: 0.12 to 0.13 µs.");
    }

    @Test
    void aRepetitionBeginsWhenTheCpusAreNear() throws IOException {
        Collections.addAll(looks, 0.12, 0.12, 0.56, 0.55, 0.13, 0.12);
        run();
        assertThat(run().metrics()).containsEntry("rate/s", 2.0).containsEntry(Handover.METRIC, 0.13);
        assertThat(pauses).isEqualTo(2);
        assertThat(handover.describe()).isEqualTo("From CPU to CPU and back: 0.12 to 0.56 µs.");
    }

    @Test
    void aRepetitionThatEndedFarIsMadeAgain() throws IOException {
        Collections.addAll(looks, 0.12, 0.56, 0.12, 0.56, 0.12);
        assertThat(run().metrics()).containsEntry("rate/s", 3.0).containsEntry(Handover.METRIC, 0.12);
        assertThat(handover.describe()).contains("0.12 to 0.56 µs", "2 made again, 0 that stand");
    }

    @Test
    void cpusThatStayFarAreWaitedForOnce() throws IOException {
        Collections.addAll(looks, 0.12, 0.56);
        assertThat(run().metrics()).containsEntry("rate/s", 2.0).containsEntry(Handover.METRIC, 0.56);
        final int waited = pauses;
        assertThat(waited).isPositive();
        assertThat(run().metrics()).containsEntry("rate/s", 3.0);
        assertThat(pauses).isEqualTo(waited);
        assertThat(handover.describe()).contains("1 made again, 2 that stand");
        looks.addFirst(0.12);
        assertThat(run().metrics()).containsEntry("rate/s", 5.0);
        assertThat(pauses).as("near once, far again").isEqualTo(2 * waited);
    }

    @Test
    void whoHasLearntComparesTheFirstRepetition() throws IOException {
        Collections.addAll(looks, 0.12, 0.56, 0.56, 0.56, 0.56, 0.56, 0.56, 0.56, 0.56, 0.56, 0.56, 0.56, 0.12);
        handover.learn();
        assertThat(run().metrics()).containsEntry("rate/s", 1.0).containsEntry(Handover.METRIC, 0.12);
    }

    @Test
    void oneCpuHasNothingToTell() throws IOException {
        looks.add(Double.NaN);
        assertThat(run().metrics()).doesNotContainKey(Handover.METRIC);
        assertThat(handover.describe()).isEmpty();
    }
}
