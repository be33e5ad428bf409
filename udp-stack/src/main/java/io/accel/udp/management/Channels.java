package io.accel.udp.management;

import io.accel.udp.state.Explanation;
import io.accel.udp.state.SocketState;
import io.accel.udp.state.StackView;
import io.accel.udp.state.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The channels of a stack. */
final class Channels implements ChannelsMXBean {
    private final StackView stack;

    Channels(StackView stack) {
        this.stack = stack;
    }

    @Override
    public List<ChannelInfo> getChannels() {
        return stack.sockets().stream().map(ChannelInfo::new).toList();
    }

    @Override
    public int getAccelerated() {
        return (int) stack.sockets().stream().filter(SocketState::accelerated).count();
    }

    @Override
    public int getKernelOnly() {
        return (int) stack.sockets().stream().filter(each -> !each.accelerated()).count();
    }

    @Override
    public Map<String, Long> getDatagrams() {
        final Totals totals = stack.totals();
        return new TreeMap<>(Map.of("fastReceived", totals.fastReceived(), "fastSent", totals.fastSent(),
            "kernelReceived", totals.kernelReceived(), "kernelSent", totals.kernelSent()));
    }

    @Override
    public Map<String, Long> getReasons() {
        return stack.totals().reasons();
    }

    @Override
    public Map<String, Long> getDrops() {
        return stack.totals().drops().getOrDefault(Totals.SOCKETS, Map.of());
    }

    @Override
    public List<String> getReport() {
        return stack.report();
    }

    @Override
    public List<String> explain(String local) {
        final List<String> lines = new ArrayList<>();
        for (final SocketState each : stack.sockets()) {
            if (each.local().equals(local)) {
                Explanation.of(each).forEach(line -> lines.add(line.toString()));
            }
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("no open channel is bound to " + local);
        }
        return lines;
    }
}
