package io.accel.tools.bench;

import io.accel.tools.bench.NettyMeasurements.Setting;
import io.accel.tools.run.Hosts;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One program on each of Netty's transports and on ours, in every combination of a payload and a way to wait; the transports of one
 * combination follow each other. What ours is held to is a ratio to epoll.
 */
final class NettySections {
    static final String HOST = "netty-host";
    static final String HOST_RATE = "netty-host-rate";
    static final String VETH = "netty-veth";
    static final String VETH_RATE = "netty-veth-rate";
    private static final String EPOLL = "epoll";
    private static final String IO_URING = "io_uring";
    private static final List<String> TRANSPORTS = List.of("nio", EPOLL, IO_URING, NettyMeasurements.ACCEL);
    private static final List<Integer> BYTES = List.of(64, 1400);
    private static final List<String> WAITS = List.of("spin", "sleep");

    private final NettyMeasurements measure;

    NettySections(NettyMeasurements measure) {
        this.measure = measure;
    }

    @FunctionalInterface
    private interface Programs {
        Measured run(Hosts hosts, Setting setting) throws IOException;
    }

    /** By shared memory, or over loopback. */
    List<Section> host(Hosts hosts) {
        return List.of(
            roundTrip(HOST, "Netty on one host, round trip; both sides wait alike", hosts, null, 10),
            oneWay(HOST_RATE, "Netty on one host, one way as fast as it can; both sides wait alike", hosts, null, 8));
    }

    /** By AF_XDP, or by the kernel. */
    List<Section> veth(Hosts hosts) {
        return List.of(
            roundTrip(VETH, "Netty over a veth pair, round trip; both sides wait alike", hosts, "%s:afxdp", 1.4),
            oneWay(VETH_RATE, "Netty over a veth pair, one way as fast as it can; both sides wait alike", hosts, "%s:afxdp", 2));
    }

    private Section roundTrip(String name, String title, Hosts hosts, String interfaces, double bound) {
        final List<Budget> budgets = new ArrayList<>();
        for (final Setting accel : settings(List.of(NettyMeasurements.ACCEL), interfaces)) {
            budgets.add(Budget.atLeast("p50 µs", with(EPOLL, accel).toString(), accel.toString(), bound));
        }
        return new Section(name, title, Catalogue.ROUND_TRIP, contenders(hosts, interfaces, measure::pingPong), budgets);
    }

    private Section oneWay(String name, String title, Hosts hosts, String interfaces, double bound) {
        final List<Budget> budgets = new ArrayList<>();
        for (final Setting accel : settings(List.of(NettyMeasurements.ACCEL), interfaces)) {
            budgets.add(Budget.atLeast("received/s", accel.toString(), with(EPOLL, accel).toString(), bound));
        }
        return new Section(name, title, Catalogue.ONE_WAY, contenders(hosts, interfaces, measure::oneWay), budgets);
    }

    private static Setting with(String transport, Setting other) {
        return new Setting(transport, other.waiting(), other.bytes(), other.interfaces());
    }

    private static List<Contender> contenders(Hosts hosts, String interfaces, Programs programs) {
        final List<Contender> all = new ArrayList<>();
        for (final Setting each : settings(TRANSPORTS, interfaces)) {
            all.add(new Contender(each.toString(), () -> programs.run(hosts, each), each.transport().equals(IO_URING) ? refusal() : null));
        }
        return all;
    }

    private static List<Setting> settings(List<String> transports, String interfaces) {
        final List<Setting> all = new ArrayList<>();
        for (final int bytes : BYTES) {
            for (final String wait : WAITS) {
                transports.forEach(transport -> all.add(new Setting(transport, wait, bytes, interfaces)));
            }
        }
        return all;
    }

    /** Why io_uring cannot be used here, in Netty's words and those below them; null: it can. */
    private static String refusal() {
        if (IoUring.isAvailable()) {
            return null;
        }
        Throwable cause = IoUring.unavailabilityCause();
        final StringBuilder why = new StringBuilder("not available: ").append(cause.getMessage());
        while (cause.getCause() != null) {
            cause = cause.getCause();
            why.append(": ").append(cause.getMessage());
        }
        return why.toString();
    }
}
