package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.counters.Counter;
import io.accel.core.counters.Counters;
import io.accel.udp.endpoint.ChannelCounters;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stack's totals in the process's mapped counters file, for those who look from outside. Channels count in fields of their own;
 * this adds up once a second, so that nothing here is on a datagram's way.
 */
final class StackCounters {
    private final Counters counters;
    private final Map<String, Counter> byLabel = new LinkedHashMap<>();

    StackCounters(Configuration configuration) {
        counters = Counters.open(configuration);
    }

    /** Brings the file up to date. */
    synchronized void update(SocketRegister register, UdpStack stack) {
        final Map<String, Long> totals = new LinkedHashMap<>();
        register.forEachCounters(channel -> add(totals, channel));
        Report.viTotals(stack).forEach((vi, drops) -> drops.forEach((cause, n) -> totals.merge("vi " + vi + " " + cause, n, Long::sum)));
        totals.forEach(this::set);
    }

    private static void add(Map<String, Long> totals, ChannelCounters channel) {
        totals.merge("udp fast received", channel.fastReceived, Long::sum);
        totals.merge("udp fast sent", channel.fastSent, Long::sum);
        totals.merge("udp kernel received", channel.kernelReceived, Long::sum);
        totals.merge("udp kernel sent", channel.kernelSent, Long::sum);
        totals.merge("udp drop QUEUE_FULL", channel.queueFull, Long::sum);
        totals.merge("udp drop NOT_FROM_PEER", channel.notFromPeer, Long::sum);
        totals.merge("udp drop NOT_MEMBER", channel.notMember, Long::sum);
        totals.merge("udp drop MALFORMED", channel.malformed, Long::sum);
        for (final Reason reason : Reason.values()) {
            if (channel.count(reason) > 0) {
                totals.merge("udp kernel reason " + reason, channel.count(reason), Long::sum);
            }
        }
    }

    private void set(String label, long total) {
        final Counter counter = byLabel.computeIfAbsent(label, counters::allocate);
        counter.add(Math.max(total - counter.get(), 0));
    }

    /** Removes the file. */
    void close() {
        counters.close();
    }
}
