package io.accel.tools.bench;

import io.accel.tools.run.ExitReport;
import io.accel.tools.run.Host;
import io.accel.tools.run.Hosts;
import io.accel.tools.run.Machine;
import io.accel.tools.run.RoundTrips;
import io.accel.tools.run.Samples;
import io.accel.tools.text.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Single repetitions of the Netty programs: the same ones on each transport. */
final class NettyMeasurements {
    /** As the programs name it: ours. */
    static final String ACCEL = "accel";
    /** Until Netty's pipeline is compiled: the two programs spin on both CPUs of a small machine, and the compilers get what is left. */
    private static final int WARMUP_SECONDS = 4;

    private final Samples samples;
    private final String classPath;
    private final int seconds;

    NettyMeasurements(Samples samples, Path dist, int seconds) {
        this.samples = samples;
        this.seconds = seconds;
        classPath = Stream.of("lib/tools.jar", "accel-netty.jar", "accel.jar").map(jar -> dist.resolve(jar).toString())
            .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * What both programs do.
     *
     * @param transport  its name
     * @param waiting    spin or sleep, the same for both
     * @param bytes      in a message
     * @param interfaces the value of accel.interfaces, with {@code %s} for the host's interface; null to leave it unset
     */
    record Setting(String transport, String waiting, int bytes, String interfaces) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s, %,d B, %s", transport.equals(ACCEL) ? Catalogue.ACCEL : transport, bytes, waiting);
        }
    }

    Measured pingPong(Hosts hosts, Setting setting) throws IOException {
        final String at = hosts.server().address() + ":" + samples.nextPort();
        final Measurements.Outputs outputs = Measurements.pair(command(hosts.server(), setting, "NettyPong", at),
            command(hosts.client(), setting, "NettyPing", hosts.client().address() + ":0", at, setting.bytes(),
                WARMUP_SECONDS, seconds));
        return Measurements.metrics(RoundTrips.parse(outputs.client(), outputs.paths()), setting.transport().equals(ACCEL));
    }

    Measured oneWay(Hosts hosts, Setting setting) throws IOException {
        final String at = hosts.server().address() + ":" + samples.nextPort();
        final Measurements.Outputs outputs = Measurements.pair(
            command(hosts.server(), setting, "NettySink", at, setting.bytes(), WARMUP_SECONDS),
            command(hosts.client(), setting, "NettySender", hosts.client().address() + ":0", at, setting.bytes(),
                WARMUP_SECONDS + seconds));
        return Measured.of(metrics(outputs.server(), setting.transport().equals(ACCEL) ? outputs.paths() : null));
    }

    /** @param paths null: of no interest */
    static Map<String, Double> metrics(String sink, ExitReport paths) throws IOException {
        Measurements.requireIntact(Json.number(sink, "corrupt"));
        final Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("received/s", (double) Json.number(sink, "rate"));
        for (final String count : List.of("received", "sent", "lost", "reordered")) {
            metrics.put(count, (double) Json.number(sink, count));
        }
        if (paths != null) {
            metrics.put("fast %", 100 * paths.fastShare());
        }
        return metrics;
    }

    private List<String> command(Host host, Setting setting, String program, Object... arguments) {
        final List<String> command = new ArrayList<>(List.of(Machine.java().toString(), "-Dio.netty.leakDetection.level=disabled"));
        if (setting.transport().equals(ACCEL)) {
            command.add("-Daccel.report=exit");
            if (setting.interfaces() != null) {
                command.add("-Daccel.interfaces=" + String.format(setting.interfaces(), host.device()));
            }
        }
        command.addAll(List.of("-cp", classPath, "io.accel.tools.netty." + program, setting.transport(), setting.waiting()));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        return host.wrap(command);
    }
}
