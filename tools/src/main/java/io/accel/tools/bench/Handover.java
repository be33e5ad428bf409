package io.accel.tools.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How long the two CPUs of a measurement take to hand cache lines over and back. A hypervisor that moves virtual CPUs about changes it
 * several times a minute, 0.15 µs becoming 0.65, and with it whatever spins on both. A repetition begins when the CPUs are near to each
 * other, and is made again when they are far at its end.
 */
final class Handover {
    /** Among the metrics of a repetition: the longer one of the looks before and after it. */
    static final String METRIC = "CPU to CPU µs";

    /** Times the shortest one seen. Threads of one core take half of what cores at one cache do, cores at two caches four times that. */
    private static final double FAR = 3;
    private static final int ATTEMPTS = 4;
    private static final int FIRST_LOOKS = 10;
    /** As long as about twenty seconds. */
    private static final int PATIENCE = 100;

    /** One look, in microseconds; NaN where there is but one CPU. */
    @FunctionalInterface
    interface Look {
        double micros() throws IOException;
    }

    private final Look look;
    private final Runnable pause;
    private double nearest = Double.NaN;
    private double farthest = Double.NaN;
    private int patience = PATIENCE;
    private int repeated;
    private int standing;

    /** @param pause waits for a moment */
    Handover(Look look, Runnable pause) {
        this.look = look;
        this.pause = pause;
    }

    /** Looks for a while, so that the first repetition is compared with something. */
    void learn() throws IOException {
        for (int i = 0; i < FIRST_LOOKS; i++) {
            look();
            pause.run();
        }
    }

    /** One repetition while the CPUs are near; when they stay far, one while they are. */
    Measured run(Contender.Measurement measurement) throws IOException {
        for (int attempt = 1;; attempt++) {
            final double before = awaitNear();
            final Measured measured = measurement.run();
            final double took = Math.max(before, look());
            if (!isFar(took)) {
                return with(measured, took);
            }
            if (patience == 0 || attempt == ATTEMPTS) {
                standing++;
                return with(measured, took);
            }
            repeated++;
            System.err.println("    once more: the CPUs were far from each other");
        }
    }

    /** Who has waited in vain does not wait again until they have been near. */
    private double awaitNear() throws IOException {
        double took = look();
        if (isFar(took) && patience > 0) {
            System.err.println("    waits until the CPUs are near to each other");
        }
        for (int waited = 0; isFar(took) && waited < patience; waited++) {
            pause.run();
            took = look();
        }
        patience = isFar(took) ? 0 : PATIENCE;
        return took;
    }

    private double look() throws IOException {
        final double micros = look.micros();
        nearest = Double.isNaN(nearest) ? micros : Math.min(nearest, micros);
        farthest = Double.isNaN(farthest) ? micros : Math.max(farthest, micros);
        return micros;
    }

    private boolean isFar(double micros) {
        return micros > nearest * FAR;
    }

    private static Measured with(Measured measured, double took) {
        if (Double.isNaN(took)) {
            return measured;
        }
        final Map<String, Double> metrics = new LinkedHashMap<>(measured.metrics());
        metrics.put(METRIC, took);
        return new Measured(metrics, measured.curve());
    }

    /** What the reader of the tables has to know; empty where there is but one CPU. */
    String describe() {
        if (Double.isNaN(nearest)) {
            return "";
        }
        final String range = String.format(Locale.ROOT, "From CPU to CPU and back: %.2f to %.2f µs", nearest, farthest);
        if (repeated + standing == 0) {
            return range + ".";
        }
        return String.format(Locale.ROOT, "%s: this machine's CPUs are near to each other at times, and far at others.%n"
            + "Repetitions that were far: %d made again, %d that stand (\"%s\" among the values).", range, repeated, standing, METRIC);
    }
}
