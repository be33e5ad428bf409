package io.accel.udp.stack;

import io.accel.udp.ethernet.EthernetInterface;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What the stack did, as lines for people and scripts: one per socket, one per VI; the message medium's VIs are one line together. */
public final class Report {
    private Report() {
    }

    public static List<String> lines(UdpStack stack) {
        final List<String> lines = new ArrayList<>(stack.register().lines());
        final MessageTotals totals = stack.register().messageTotals();
        if (totals.isAny()) {
            lines.add(line("lo", "shm", "shared memory", totals.received(), totals.sent(), totals.drops()));
        }
        for (final EthernetInterface each : stack.ethernet()) {
            final Map<String, Long> drops = drops(each);
            lines.add(line(each.name(), each.vi().capabilities().datapath(), each.vi().capabilities().mode(), each.counters().received,
                each.counters().sent, drops));
        }
        return lines;
    }

    /** Drops by VI and cause. */
    static Map<String, Map<String, Long>> viTotals(UdpStack stack) {
        final Map<String, Map<String, Long>> totals = new LinkedHashMap<>();
        totals.put("lo", stack.register().messageTotals().drops());
        for (final EthernetInterface each : stack.ethernet()) {
            totals.put(each.name(), drops(each));
        }
        return totals;
    }

    private static Map<String, Long> drops(EthernetInterface each) {
        final Map<String, Long> drops = new LinkedHashMap<>(each.counters().drops());
        each.vi().drops().forEach((cause, count) -> {
            if (count > 0) {
                drops.merge(cause.toUpperCase(Locale.ROOT), count, Long::sum);
            }
        });
        return drops;
    }

    private static String line(String name, String datapath, String mode, long received, long sent, Map<String, Long> drops) {
        return "vi " + name + " datapath=" + datapath + " mode=" + mode.replace(' ', '-') + " rx=" + received + " tx=" + sent
            + " drops=" + text(drops);
    }

    private static String text(Map<String, Long> drops) {
        final StringJoiner joined = new StringJoiner(",");
        drops.forEach((cause, count) -> joined.add(cause + ":" + count));
        return joined.length() == 0 ? "none" : joined.toString();
    }
}
