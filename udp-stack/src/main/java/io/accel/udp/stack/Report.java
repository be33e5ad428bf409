package io.accel.udp.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What the stack did, as lines for people and scripts: one per socket, one per VI, one per NIC; the message medium's VIs
 * are one line together.
 */
public final class Report {
    private Report() {
    }

    public static List<String> lines(UdpStack stack) {
        final List<String> lines = new ArrayList<>(stack.register().lines());
        final MessageTotals totals = stack.register().messageTotals();
        if (totals.isAny()) {
            lines.add(line("lo", "shm", "shared memory", totals.received(), totals.sent(), totals.drops()));
        }
        for (final InterfaceTotals each : stack.interfaces().totals()) {
            lines.add(line(each.name(), each.datapath(), each.mode(), each.received(), each.sent(), each.drops())
                + (each.failures().isEmpty() ? "" : " failures=" + text(each.failures())));
        }
        stack.interfaces().refusals().forEach((name, words) -> lines.add("interface " + name + " is not accelerated by " + words));
        stack.interfaces().shortfalls().forEach((name, words) -> lines.add("interface " + name + " is accelerated in part by " + words));
        stack.interfaces().nics().forEach((name, nic) -> lines.add(NicLine.of(name, nic)));
        return lines;
    }

    /** Drops by VI and cause. */
    static Map<String, Map<String, Long>> viTotals(UdpStack stack) {
        final Map<String, Map<String, Long>> totals = new LinkedHashMap<>();
        totals.put("lo", stack.register().messageTotals().drops());
        stack.interfaces().totals().forEach(each -> totals.put(each.name(), each.drops()));
        return totals;
    }

    private static String line(String name, String datapath, String mode, long received, long sent, Map<String, Long> drops) {
        return "vi " + name + " datapath=" + datapath + " mode=" + mode.replace(' ', '-') + " rx=" + received + " tx=" + sent
            + " drops=" + text(drops);
    }

    private static String text(Map<String, Long> counts) {
        final StringJoiner joined = new StringJoiner(",");
        counts.forEach((cause, count) -> joined.add(cause + ":" + count));
        return joined.length() == 0 ? "none" : joined.toString();
    }
}
