package io.accel.tools.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the unmodified sample programs in JVMs of their own. Before every pair of them the port changes, so that nothing lingers. */
public final class Samples {
    private static final int SECONDS = 120;

    private final Path dist;
    private int port = 20_000;

    /** @param dist where accel.jar and samples.jar are */
    public Samples(Path dist) {
        this.dist = dist;
    }

    /** The command line of a sample. */
    public List<String> command(Host host, Flavour flavour, String program, List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(flavour.java().toString());
        command.addAll(flavour.options(host));
        command.add("-cp");
        command.add(dist.resolve("samples.jar") + (flavour.accelerated() ? File.pathSeparator + dist.resolve("accel.jar") : ""));
        command.add("io.accel.samples." + program);
        command.addAll(arguments);
        return host.wrap(command);
    }

    /** The next port, for both ends. */
    public int nextPort() {
        return port++;
    }

    /** Ping and pong; the flavours of the two may differ. */
    public RoundTrips pingPong(Hosts hosts, Flavour ping, Flavour pong, List<String> both, List<String> pingOnly) throws IOException {
        final String at = hosts.server().address() + ":" + nextPort();
        final List<String> pongArguments = new ArrayList<>(both);
        pongArguments.add("--bind=" + at);
        final List<String> pingArguments = new ArrayList<>(both);
        pingArguments.addAll(pingOnly);
        pingArguments.addAll(List.of("--to=" + at, "--bind=" + hosts.client().address() + ":0", "--json"));
        try (Program server = Program.start(command(hosts.server(), pong, "Pong", pongArguments));
            Program client = Program.start(command(hosts.client(), ping, "Ping", pingArguments))) {
            finish(client, server);
            return RoundTrips.parse(client.output(), ExitReport.parse(client.errors()).plus(ExitReport.parse(server.errors())));
        }
    }

    /** Sender and sink. */
    public OneWay oneWay(Hosts hosts, Flavour sender, Flavour sink, List<String> senderOnly, List<String> sinkOnly) throws IOException {
        final String at = hosts.server().address() + ":" + nextPort();
        final List<String> arguments = new ArrayList<>(senderOnly);
        arguments.addAll(List.of("--to=" + at, "--bind=" + hosts.client().address() + ":0", "--json"));
        final List<String> sinkArguments = new ArrayList<>(sinkOnly);
        sinkArguments.addAll(List.of("--bind=" + at, "--json"));
        try (Program server = Program.start(command(hosts.server(), sink, "Sink", sinkArguments));
            Program client = Program.start(command(hosts.client(), sender, "Sender", arguments))) {
            finish(client, server);
            return OneWay.parse(server.output(), ExitReport.parse(client.errors()).plus(ExitReport.parse(server.errors())));
        }
    }

    /** Waits for both; when the client fails because the server has, the server's words are the ones that matter. */
    private static void finish(Program client, Program server) throws IOException {
        client.awaitAnyStatus(SECONDS);
        if (client.status() != 0) {
            if (!server.isRunning()) {
                server.await(0);
            }
            client.await(0);
        }
        server.await(SECONDS);
    }
}
