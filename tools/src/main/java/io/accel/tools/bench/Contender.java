package io.accel.tools.bench;

import java.io.IOException;
import java.util.Map;

/** One row of a section: something that can be measured again and again. */
record Contender(String name, Measurement measurement) {
    /** One repetition. */
    @FunctionalInterface
    interface Measurement {
        /** @return what was measured, by the name of the metric */
        Map<String, Double> run() throws IOException;
    }
}
