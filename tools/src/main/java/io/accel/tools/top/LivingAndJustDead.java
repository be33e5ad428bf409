package io.accel.tools.top;

import io.accel.tools.state.ProcessState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which dead processes are worth a line: one that dies while one looks, for a while. Those that were dead at the first look, whose states
 * may lie about for days, are not.
 */
final class LivingAndJustDead {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoClock;
    /** Of those that were seen alive: when they were first seen dead, or null. */
    private Map<ProcessKey, Long> known = new HashMap<>();

    LivingAndJustDead(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The living, and those that have just died. */
    List<ProcessState> of(List<ProcessState> all) {
        final long now = nanoClock.getAsLong();
        final Map<ProcessKey, Long> next = new HashMap<>();
        for (final ProcessState each : all) {
            final ProcessKey key = ProcessKey.of(each);
            if (each.alive()) {
                next.put(key, null);
            } else if (known.containsKey(key)) {
                final Long died = known.get(key);
                next.put(key, died == null ? Long.valueOf(now) : died);
            }
        }
        known = next;
        return all.stream().filter(each -> each.alive() || isShown(ProcessKey.of(each), now)).toList();
    }

    private boolean isShown(ProcessKey dead, long now) {
        final Long died = known.get(dead);
        return died != null && now - died <= NANOS;
    }
}
