package io.accel.tools.bench;

import java.util.Locale;

/**
 * A ratio of two contenders' medians that has a bound.
 *
 * @param metric      of both
 * @param numerator   a contender's name
 * @param denominator a contender's name
 * @param atMost      whether the bound is an upper one
 */
record Budget(String metric, String numerator, String denominator, boolean atMost, double bound) {
    static Budget atMost(String metric, String numerator, String denominator, double bound) {
        return new Budget(metric, numerator, denominator, true, bound);
    }

    static Budget atLeast(String metric, String numerator, String denominator, double bound) {
        return new Budget(metric, numerator, denominator, false, bound);
    }

    /** NaN where one of them was not measured. */
    double ratio(Medians medians) {
        return medians.of(numerator, metric) / medians.of(denominator, metric);
    }

    boolean isMet(Medians medians) {
        final double ratio = ratio(medians);
        return atMost ? ratio <= bound : ratio >= bound;
    }

    String describe(Medians medians) {
        final double ratio = ratio(medians);
        final String text = String.format(Locale.ROOT, "%s of %s / %s: %.2f, to be %s %.2f", metric, numerator, denominator, ratio,
            atMost ? "at most" : "at least", bound);
        return text + (Double.isNaN(ratio) ? "  NOT MEASURED" : isMet(medians) ? "  met" : "  MISSED");
    }
}
