package io.accel.tools.bench;

import java.util.List;
import java.util.Map;

/**
 * What one repetition gave.
 *
 * @param metrics by name
 * @param curve   of round trips, the whole distribution: below each value, in microseconds, lie 1 - 10^(-i/10) of them, i from 0; of what
 *                has none, empty
 */
record Measured(Map<String, Double> metrics, List<Double> curve) {
    static Measured of(Map<String, Double> metrics) {
        return new Measured(metrics, List.of());
    }
}
