package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.counters.CaptureFiles;
import io.accel.core.counters.Counter;
import io.accel.core.counters.Counters;
import io.accel.core.counters.StateFile;
import io.accel.udp.endpoint.ChannelCounters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
        totals.merge("udp fast received in frames", channel.taken, Long::sum);
        totals.merge("udp fast sent", channel.fastSent, Long::sum);
        totals.merge("udp kernel received", channel.kernelReceived, Long::sum);
        totals.merge("udp kernel sent", channel.kernelSent, Long::sum);
        SocketDrops.of(channel).forEach((cause, n) -> totals.merge("udp drop " + cause, n, Long::sum));
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

    /** Where the process's state goes, if anywhere. */
    Optional<StateFile> state() {
        return counters.state();
    }

    /** Where the process shows its packets, if anywhere. */
    Optional<CaptureFiles> capture() {
        return counters.capture();
    }

    /** Removes the files. */
    void close() {
        counters.close();
    }
}
