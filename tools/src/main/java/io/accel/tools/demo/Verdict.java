package io.accel.tools.demo;

import io.accel.tools.run.ExitReport;
import io.accel.tools.run.RoundTrips;
import java.util.Locale;
import java.util.stream.Collectors;

/** One sentence about what was seen, good or bad. */
final class Verdict {
    /** From this share on the program counts as accelerated. */
    static final double MOSTLY = 0.99;
    /** Below this factor nobody would notice a difference. */
    private static final double NOTABLE = 1.05;

    private Verdict() {
    }

    static String of(RoundTrips jdk, RoundTrips accel) {
        return speed(jdk.p50(), accel.p50()) + ", and " + path(accel.paths()) + ".";
    }

    private static String speed(long jdk, long accel) {
        final double factor = (double) jdk / Math.max(1, accel);
        final String times = String.format(Locale.ROOT, "%.2f µs with Accel, %.2f µs on the JDK", accel / 1e3, jdk / 1e3);
        if (factor >= NOTABLE) {
            return String.format(Locale.ROOT, "A round trip took %s, %.1f times faster", times, factor);
        }
        if (factor > 1 / NOTABLE) {
            return "A round trip took " + times + ", no difference to speak of";
        }
        return String.format(Locale.ROOT, "A round trip took %s, %.1f times SLOWER", times, 1 / factor);
    }

    private static String path(ExitReport paths) {
        if (paths.fast() + paths.kernel() == 0) {
            return "Accel reported no datagrams, so that it is not known which path they took";
        }
        final String share = String.format(Locale.ROOT, "%.2f %% of the datagrams took the fast path", 100 * paths.fastShare());
        if (paths.kernel() == 0) {
            return "every datagram took the fast path";
        }
        final String reasons = paths.reasons().entrySet().stream().map(entry -> entry.getKey() + ":" + entry.getValue())
            .collect(Collectors.joining(", "));
        return (paths.fastShare() > MOSTLY ? share : "only " + share) + (reasons.isEmpty() ? "" : " (the others: " + reasons + ")");
    }
}
