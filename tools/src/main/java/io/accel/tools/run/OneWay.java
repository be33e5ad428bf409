package io.accel.tools.run;

import io.accel.tools.text.Json;

/** What Sink counted; the rate is of messages received, from the first to the last. */
public record OneWay(long received, long rate, long sent, long lost, long reordered, long duplicates, long corrupt, ExitReport paths) {
    /** From Sink's line of JSON. */
    public static OneWay parse(String output, ExitReport paths) {
        return new OneWay(Json.number(output, "received"), Json.number(output, "rate"), Json.number(output, "sent"),
            Json.number(output, "lost"), Json.number(output, "reordered"), Json.number(output, "duplicates"),
            Json.number(output, "corrupt"), paths);
    }
}
