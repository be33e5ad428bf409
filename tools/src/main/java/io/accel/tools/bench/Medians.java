package io.accel.tools.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All repetitions of a section, and the median of each metric. */
final class Medians {
    private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();

    private final Map<String, List<List<Double>>> curves = new LinkedHashMap<>();

    void add(String contender, Measured measured) {
        if (!measured.curve().isEmpty()) {
            curves.computeIfAbsent(contender, name -> new ArrayList<>()).add(measured.curve());
        }
        final Map<String, List<Double>> metrics = values.computeIfAbsent(contender, name -> new LinkedHashMap<>());
        measured.metrics().forEach((metric, value) -> metrics.computeIfAbsent(metric, name -> new ArrayList<>()).add(value));
    }

    /** The median, or NaN where nothing was measured. */
    double of(String contender, String metric) {
        return median(values.getOrDefault(contender, Map.of()).getOrDefault(metric, List.of()));
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        final List<Double> sorted = values.stream().sorted().toList();
        final int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The curves of every repetition, by contender. */
    Map<String, List<List<Double>>> curves() {
        return curves;
    }

    /** Every repetition, by contender and metric. */
    Map<String, Map<String, List<Double>>> all() {
        return values;
    }
}
