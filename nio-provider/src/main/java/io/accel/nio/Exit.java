package io.accel.nio;

import io.accel.core.config.Options;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.stack.UdpStack;
import java.util.Map;
import java.util.StringJoiner;

/** What happens when the JVM exits in order: the report, where it was asked for, and nothing left for others to trip over. */
final class Exit {
    private Exit() {
    }

    static void register(UdpStack stack) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> run(stack), "accel-exit"));
    }

    private static void run(UdpStack stack) {
        if (stack.configuration().get(Options.REPORT).equals("exit")) {
            report(stack);
        }
        stack.leave();
    }

    private static void report(UdpStack stack) {
        final StringBuilder text = new StringBuilder();
        stack.register().lines().forEach(line -> text.append("accel: ").append(line).append(System.lineSeparator()));
        for (final EthernetInterface each : stack.ethernet()) {
            text.append("accel: vi ").append(each.name())
                .append(" datapath=").append(each.vi().capabilities().datapath())
                .append(" mode=").append(each.vi().capabilities().mode().replace(' ', '-'))
                .append(" rx=").append(each.counters().received)
                .append(" tx=").append(each.counters().sent)
                .append(" drops=").append(text(each.counters().drops())).append(System.lineSeparator());
        }
        System.err.print(text);
    }

    private static String text(Map<String, Long> drops) {
        final StringJoiner joined = new StringJoiner(",");
        drops.forEach((cause, count) -> joined.add(cause + ":" + count));
        return joined.length() == 0 ? "none" : joined.toString();
    }
}
