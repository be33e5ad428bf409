package io.accel.udp.stack;

import io.accel.core.config.Options;

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
        Report.lines(stack).forEach(line -> text.append("accel: ").append(line).append(System.lineSeparator()));
        System.err.print(text);
    }
}
