package io.accel.tools.bench;

import io.accel.tools.ToolException;
import io.accel.tools.run.ExitReport;
import io.accel.tools.run.Flavour;
import io.accel.tools.run.Host;
import io.accel.tools.run.Hosts;
import io.accel.tools.run.OneWay;
import io.accel.tools.run.Program;
import io.accel.tools.run.RoundTrips;
import io.accel.tools.run.Samples;
import io.accel.tools.run.VethPair;
import io.accel.tools.text.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Single repetitions: starts the programs of one contender, and gives its metrics. */
final class Measurements {
    private static final int SECONDS = 60;
    /** Each JVM has one processor, which its compiler shares with the program that it compiles: a second is not enough. */
    static final int WARMUP_SECONDS = 2;
    /** Some tens of milliseconds. */
    private static final int HANDOVERS = 50_000;
    private static final String UDP_PORT = "9001";

    private final Samples samples;
    private final Path floor;
    private final int seconds;

    Measurements(Samples samples, Path floor, int seconds) {
        this.samples = samples;
        this.floor = floor;
        this.seconds = seconds;
    }

    Measured pingPong(Hosts hosts, Flavour ping, Flavour pong, String mode) throws IOException {
        final RoundTrips trips = samples.pingPong(hosts, ping, pong, List.of("--mode=" + mode), List.of("--warmup=100000000",
            "--warmup-seconds=" + seconds, "--seconds=" + seconds, "--count=10000000"));
        return metrics(trips, ping.accelerated());
    }

    Measured oneWay(Hosts hosts, Flavour sender, Flavour sink) throws IOException {
        final OneWay oneWay = samples.oneWay(hosts, sender, sink,
            List.of("--count=1000000000000", "--seconds=" + (WARMUP_SECONDS + seconds)),
            List.of("--warmup-seconds=" + WARMUP_SECONDS));
        return metrics(oneWay, sender.accelerated() || sink.accelerated());
    }

    Measured shmFloor(Hosts hosts) throws IOException {
        return metrics(shmFloor(hosts, 2_000_000), false);
    }

    /** @return NaN where the hosts are not pinned to a CPU each */
    double handoverMicros(Hosts hosts) throws IOException {
        return hosts.client().cpu() < 0 ? Double.NaN : shmFloor(hosts, HANDOVERS).p50() / 1e3;
    }

    private RoundTrips shmFloor(Hosts hosts, int count) throws IOException {
        final String output = Program.run(floor.resolve("shm_floor").toString(), String.valueOf(count),
            String.valueOf(hosts.client().cpu()), String.valueOf(hosts.server().cpu()));
        return RoundTrips.parse(output, ExitReport.parse(""));
    }

    Measured udpFloor(Hosts hosts) throws IOException {
        final String count = String.valueOf(seconds * 100_000);
        return metrics(RoundTrips.parse(udp(hosts, "ping", "pong", count).client(), ExitReport.parse("")), false);
    }

    Measured udpFloorRate(Hosts hosts) throws IOException {
        final String count = String.valueOf(seconds * 300_000);
        return metrics(OneWay.parse(udp(hosts, "send", "receive", count).server(), ExitReport.parse("")), false);
    }

    private Outputs udp(Hosts hosts, String client, String server, String count) throws IOException {
        final String program = floor.resolve("udp_floor").toString();
        // Both ends use one port number: where they share an address, that is two addresses of it.
        final String serverAddress = hosts.server().address();
        final String clientAddress = hosts.client().address().equals(serverAddress) ? "127.0.0.2" : hosts.client().address();
        return pair(hosts.server().wrap(List.of(program, server, serverAddress, clientAddress, UDP_PORT, count)),
            hosts.client().wrap(List.of(program, client, clientAddress, serverAddress, UDP_PORT, count)));
    }

    Measured xdpFloor(Hosts hosts) throws IOException {
        return metrics(RoundTrips.parse(xdp(hosts, "ping", "pong", seconds * 200_000, 1).client(), ExitReport.parse("")), false);
    }

    Measured xdpFloorRate(Hosts hosts, int burst) throws IOException {
        return metrics(OneWay.parse(xdp(hosts, "send", "receive", seconds * 500_000, burst).server(), ExitReport.parse("")), false);
    }

    private Outputs xdp(Hosts hosts, String client, String server, int count, int burst) throws IOException {
        return pair(xdp(hosts.server(), hosts.client(), server, count, burst), xdp(hosts.client(), hosts.server(), client, count, burst));
    }

    private List<String> xdp(Host local, Host remote, String role, int count, int burst) throws IOException {
        return local.wrap(List.of(floor.resolve("xdp_floor").toString(), role, local.device(), VethPair.mac(local), VethPair.mac(remote),
            local.address(), remote.address(), String.valueOf(count), "generic", String.valueOf(burst)));
    }

    Measured tcp(Hosts hosts) throws IOException {
        final String port = String.valueOf(samples.nextPort());
        final String program = floor.resolve("tcp_stream").toString();
        final Outputs outputs = pair(hosts.server().wrap(List.of(program, "receive", hosts.server().address(), port)),
            hosts.client().wrap(List.of(program, "send", hosts.server().address(), port, String.valueOf(seconds))));
        return Measured.of(Map.of("Gbit/s", Json.number(outputs.server(), "mbit") / 1e3));
    }

    /** The same, while an idle accelerated program is bound at the host's address and has seen traffic. */
    Measured tcpWhileHeld(Hosts hosts, Flavour flavour, Host holder) throws IOException {
        final String at = holder.address() + ":" + samples.nextPort();
        final List<String> pong = samples.command(holder, flavour, "Pong", List.of("--bind=" + at, "--mode=select"));
        final List<String> warm = samples.command(hosts.client(), Flavour.jdk("JDK", flavour.java()), "Ping",
            List.of("--to=" + at, "--count=1000", "--warmup=0", "--stay", "--json"));
        final List<String> end = samples.command(hosts.client(), Flavour.jdk("JDK", flavour.java()), "Ping",
            List.of("--to=" + at, "--count=1", "--warmup=0", "--json"));
        try (Program held = Program.start(pong)) {
            try (Program traffic = Program.start(warm)) {
                traffic.await(SECONDS);
            }
            final Measured measured = tcp(hosts);
            try (Program last = Program.start(end)) {
                last.await(SECONDS);
            }
            held.await(SECONDS);
            if (ExitReport.parse(held.errors()).fast() == 0) {
                throw new ToolException("the interface was not held: Pong received nothing by the fast path");
            }
            return measured;
        }
    }

    /** What the programs of a pair printed, and what Accel told at their ends. */
    record Outputs(String client, String server, ExitReport paths) {
    }

    static Outputs pair(List<String> server, List<String> client) throws IOException {
        try (Program serving = Program.start(server); Program asking = Program.start(client)) {
            asking.awaitAnyStatus(SECONDS);
            if (asking.status() != 0 && !serving.isRunning()) {
                serving.await(0);
            }
            asking.await(0);
            serving.await(SECONDS);
            return new Outputs(asking.output(), serving.output(),
                ExitReport.parse(asking.errors()).plus(ExitReport.parse(serving.errors())));
        }
    }

    static void requireIntact(long corrupt) throws ToolException {
        if (corrupt > 0) {
            throw new ToolException(corrupt + " messages arrived corrupt");
        }
    }

    static Measured metrics(RoundTrips trips, boolean paths) throws ToolException {
        requireIntact(trips.corrupt());
        final Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("p50 µs", trips.p50() / 1e3);
        metrics.put("p90 µs", trips.p90() / 1e3);
        metrics.put("p99 µs", trips.p99() / 1e3);
        metrics.put("p99.9 µs", trips.p999() / 1e3);
        metrics.put("rate/s", (double) trips.rate());
        metrics.put("lost", (double) trips.lost());
        if (paths) {
            metrics.put("fast %", 100 * trips.paths().fastShare());
        }
        return new Measured(metrics, trips.curve().stream().map(nanos -> nanos / 1e3).toList());
    }

    private static Measured metrics(OneWay oneWay, boolean paths) throws ToolException {
        requireIntact(oneWay.corrupt());
        final Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("received/s", (double) oneWay.rate());
        metrics.put("sent", (double) oneWay.sent());
        metrics.put("lost", (double) oneWay.lost());
        metrics.put("reordered", (double) oneWay.reordered());
        metrics.put("duplicates", (double) oneWay.duplicates());
        if (paths) {
            metrics.put("fast %", 100 * oneWay.paths().fastShare());
        }
        return Measured.of(metrics);
    }
}
