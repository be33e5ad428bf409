package io.accel.tools.run;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Accel told at the exit of a program (accel.report=exit), all channels together: datagrams by path and direction, and the
 * reasons of those that went through the kernel.
 */
public record ExitReport(long fastReceived, long fastSent, long kernelReceived, long kernelSent, Map<String, Long> reasons) {
    private static final Pattern CHANNEL = Pattern.compile(
        "^accel: udp \\S+(?: -> \\S+)? fast rx=(\\d+) tx=(\\d+) kernel rx=(\\d+) tx=(\\d+)(?: reasons=(\\S*))?", Pattern.MULTILINE);

    /** Sums up the lines found in a program's standard error; all zero when there are none. */
    public static ExitReport parse(String errors) {
        final long[] sums = new long[4];
        final Map<String, Long> reasons = new TreeMap<>();
        final Matcher line = CHANNEL.matcher(errors);
        while (line.find()) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Long.parseLong(line.group(i + 1));
            }
            if (line.group(5) != null) {
                addReasons(line.group(5), reasons);
            }
        }
        return new ExitReport(sums[0], sums[1], sums[2], sums[3], reasons);
    }

    private static void addReasons(String list, Map<String, Long> reasons) {
        final Matcher reason = Pattern.compile("([A-Z0-9_]+):(\\d+)").matcher(list);
        while (reason.find()) {
            reasons.merge(reason.group(1), Long.parseLong(reason.group(2)), Long::sum);
        }
    }

    /** Both reports together. */
    public ExitReport plus(ExitReport other) {
        final Map<String, Long> all = new TreeMap<>(reasons);
        other.reasons.forEach((reason, count) -> all.merge(reason, count, Long::sum));
        return new ExitReport(fastReceived + other.fastReceived, fastSent + other.fastSent, kernelReceived + other.kernelReceived,
            kernelSent + other.kernelSent, all);
    }

    /** Datagrams by the fast path, in both directions. */
    public long fast() {
        return fastReceived + fastSent;
    }

    /** Datagrams through the kernel, in both directions. */
    public long kernel() {
        return kernelReceived + kernelSent;
    }

    /** The part that took the fast path, from 0 to 1; 0 when nothing was reported. */
    public double fastShare() {
        return fast() + kernel() == 0 ? 0 : (double) fast() / (fast() + kernel());
    }
}
