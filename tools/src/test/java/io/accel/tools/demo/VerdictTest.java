package io.accel.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.tools.run.ExitReport;
import io.accel.tools.run.RoundTrips;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final ExitReport NONE = new ExitReport(0, 0, 0, 0, Map.of());

    private static RoundTrips trips(long p50, ExitReport paths) {
        return new RoundTrips(1000, 1000, p50, p50, p50, p50, p50, 0, 0, List.of(), paths);
    }

    private static String verdict(long jdk, long accel, ExitReport paths) {
        return Verdict.of(trips(jdk, NONE), trips(accel, paths));
    }

    @Test
    void fasterOnTheFastPath() {
        assertThat(verdict(5000, 250, new ExitReport(10, 10, 0, 0, Map.of()))).isEqualTo(
            "A round trip took 0.25 µs with Accel, 5.00 µs on the JDK, 20.0 times faster, and every datagram took the fast path.");
    }

    @Test
    void slowerAndThroughTheKernelIsSaidAsItIs() {
        assertThat(verdict(5000, 10_000, new ExitReport(1, 0, 2, 1, Map.of("FIREWALL", 3L))))
            .contains("2.0 times SLOWER", "only 25.00 % of the datagrams took the fast path (the others: FIREWALL:3)");
    }

    @Test
    void noDifferenceAndNoReport() {
        assertThat(verdict(5000, 5100, NONE)).contains("no difference to speak of", "not known which path");
    }
}
