package io.accel.tools.run;

import io.accel.tools.text.Json;
import java.util.List;

/** What Ping measured; times in nanoseconds. @param curve below each value lie 1 - 10^(-i/10) of the times, i from 0 */
public record RoundTrips(long messages, long rate, long min, long p50, long p90, long p99, long p999, long lost, long corrupt,
    List<Long> curve, ExitReport paths) {
    /** From Ping's line of JSON. */
    public static RoundTrips parse(String output, ExitReport paths) {
        return new RoundTrips(Json.number(output, "messages"), Json.number(output, "rate"), Json.number(output, "min_ns"),
            Json.number(output, "p50_ns"), Json.number(output, "p90_ns"), Json.number(output, "p99_ns"), Json.number(output, "p999_ns"),
            Json.number(output, "lost"), Json.number(output, "corrupt"),
            Json.numbers(output, "curve_ns"), paths);
    }
}
