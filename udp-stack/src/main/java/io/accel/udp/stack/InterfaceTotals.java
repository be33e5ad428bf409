package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.InterfaceCounters;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What went through a named interface, summed over the VIs that it has had since the first bind.
 *
 * @param frames   what the VIs had for the stack
 * @param drops    by cause, without zeros
 * @param failures how many of the VIs were given up, by the reason's name
 */
record InterfaceTotals(String name, String datapath, String mode, long frames, long received, long sent,
                       Map<String, Long> drops, Map<String, Long> failures) {
    static InterfaceTotals of(EthernetInterface one) {
        final InterfaceCounters counters = one.counters();
        final Map<String, Long> drops = new LinkedHashMap<>(counters.drops());
        one.vi().drops().forEach((cause, count) -> {
            if (count > 0) {
                drops.merge(cause.toUpperCase(Locale.ROOT), count, Long::sum);
            }
        });
        return new InterfaceTotals(one.name(), one.vi().capabilities().datapath(), one.vi().capabilities().mode(), counters.frames,
            counters.received, counters.sent, Collections.unmodifiableMap(drops), Map.of());
    }

    /** Its VI is given up. */
    InterfaceTotals failedBy(Reason reason) {
        return new InterfaceTotals(name, datapath, mode, frames, received, sent, drops, sums(failures, Map.of(reason.name(), 1L)));
    }

    /** This and a later VI of the same interface, whose mode counts. */
    InterfaceTotals plus(InterfaceTotals later) {
        return new InterfaceTotals(name, later.datapath, later.mode, frames + later.frames, received + later.received, sent + later.sent,
            sums(drops, later.drops), sums(failures, later.failures));
    }

    private static Map<String, Long> sums(Map<String, Long> some, Map<String, Long> more) {
        final Map<String, Long> sums = new LinkedHashMap<>(some);
        more.forEach((name, count) -> sums.merge(name, count, Long::sum));
        return Collections.unmodifiableMap(sums);
    }
}
