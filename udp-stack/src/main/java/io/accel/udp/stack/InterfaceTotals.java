package io.accel.udp.stack;

import io.accel.udp.ethernet.EthernetInterface;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What went through a named interface, summed over the VIs that it has had since the first bind. @param drops by cause, without zeros */
record InterfaceTotals(String name, String datapath, String mode, long received, long sent, Map<String, Long> drops) {
    static InterfaceTotals of(EthernetInterface one) {
        final Map<String, Long> drops = new LinkedHashMap<>(one.counters().drops());
        one.vi().drops().forEach((cause, count) -> {
            if (count > 0) {
                drops.merge(cause.toUpperCase(Locale.ROOT), count, Long::sum);
            }
        });
        return new InterfaceTotals(one.name(), one.vi().capabilities().datapath(), one.vi().capabilities().mode(), one.counters().received,
            one.counters().sent, Collections.unmodifiableMap(drops));
    }

    /** This and a later VI of the same interface, whose mode counts. */
    InterfaceTotals plus(InterfaceTotals later) {
        final Map<String, Long> sums = new LinkedHashMap<>(drops);
        later.drops.forEach((cause, count) -> sums.merge(cause, count, Long::sum));
        return new InterfaceTotals(name, later.datapath, later.mode, received + later.received, sent + later.sent,
            Collections.unmodifiableMap(sums));
    }
}
