package io.accel.tools.top;

import java.util.Locale;

/**
 * Datagrams a second between two states of one process.
 *
 * @param in    received, on either path
 * @param out   sent, on either path
 * @param drops by the stack and by channels
 * @param lost  below them
 */
record Flow(double in, double out, double drops, double lost) {
    /** Of what has not been told twice, or tells no more. */
    static final Flow UNKNOWN = new Flow(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Counts that have grown by so much. @param seconds between the two states */
    static Flow of(long in, long out, Losses losses, double seconds) {
        return new Flow(rate(in, seconds), rate(out, seconds), rate(losses.dropped(), seconds), rate(losses.lost(), seconds));
    }

    /** A channel's counts move to those of the closed ones when it closes: what is between the two looks for a moment like less. */
    private static double rate(long more, double seconds) {
        return Math.max(more, 0) / seconds;
    }

    /** Both directions. */
    double both() {
        return in + out;
    }

    /** Whatever did not arrive. */
    double missing() {
        return drops + lost;
    }

    Flow plus(Flow other) {
        return new Flow(in + other.in, out + other.out, drops + other.drops, lost + other.lost);
    }

    /** A whole number, or a dash for what is not known. */
    static String text(double rate) {
        return Double.isNaN(rate) ? "-" : String.format(Locale.ROOT, "%.0f", rate);
    }
}
