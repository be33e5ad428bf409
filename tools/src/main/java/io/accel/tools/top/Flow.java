package io.accel.tools.top;

import java.util.Locale;

/**
 * Datagrams a second between two states of one process.
 *
 * @param in    received, on either path
 * @param out   sent, on either path
 * @param drops by whatever cause
 */
record Flow(double in, double out, double drops) {
    /** Of what has not been told twice, or tells no more. */
    static final Flow UNKNOWN = new Flow(Double.NaN, Double.NaN, Double.NaN);

    /** Counts that have grown by so much. @param seconds between the two states */
    static Flow of(long in, long out, long drops, double seconds) {
        return new Flow(rate(in, seconds), rate(out, seconds), rate(drops, seconds));
    }

    /** A channel's counts move to those of the closed ones when it closes: what is between the two looks for a moment like less. */
    private static double rate(long more, double seconds) {
        return Math.max(more, 0) / seconds;
    }

    /** Both directions. */
    double both() {
        return in + out;
    }

    Flow plus(Flow other) {
        return new Flow(in + other.in, out + other.out, drops + other.drops);
    }

    /** A whole number, or a dash for what is not known. */
    static String text(double rate) {
        return Double.isNaN(rate) ? "-" : String.format(Locale.ROOT, "%.0f", rate);
    }
}
