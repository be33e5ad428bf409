package io.accel.tools.bench;

import java.io.IOException;

/**
 * One row of a section: something that can be measured again and again.
 *
 * @param refusal why this machine does not let it run; null: it does
 */
record Contender(String name, Measurement measurement, String refusal) {
    Contender(String name, Measurement measurement) {
        this(name, measurement, null);
    }

    /** One repetition. */
    @FunctionalInterface
    interface Measurement {
        Measured run() throws IOException;
    }
}
