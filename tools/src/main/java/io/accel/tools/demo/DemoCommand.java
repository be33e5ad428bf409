package io.accel.tools.demo;

import io.accel.tools.ToolException;
import io.accel.tools.run.Flavour;
import io.accel.tools.run.Hosts;
import io.accel.tools.run.Machine;
import io.accel.tools.run.RoundTrips;
import io.accel.tools.run.Samples;
import io.accel.tools.run.VethPair;
import io.accel.tools.text.TextTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The unmodified ping and pong, first on the JDK, then accelerated, and what was seen. */
@Command(name = "demo", mixinStandardHelpOptions = true,
    description = "Ping and pong on the JDK and then accelerated; with root over AF_XDP as well.")
public final class DemoCommand implements Callable<Integer> {
    private static final List<String> PING = List.of("--warmup=100000000", "--warmup-seconds=2", "--count=4000000", "--seconds=4");

    @Option(names = "--dist", required = true, hidden = true)
    private Path dist;

    @Override
    public Integer call() throws IOException {
        final Samples samples = new Samples(dist);
        System.out.println("Two JVMs run the ordinary NIO programs Ping and Pong: 64-byte messages, one under way, both sides spinning.");
        final boolean fast = compare(samples, "Over 127.0.0.1", Hosts.loopback(), null);
        if (!Machine.isRoot()) {
            System.out.println("\nAs root, the demo also shows AF_XDP between two network namespaces.");
            return fast ? 0 : 1;
        }
        final VethPair pair;
        try {
            pair = VethPair.create();
        } catch (final ToolException e) {
            System.out.println("\nAF_XDP is not shown, for network namespaces cannot be made here: " + e.getMessage());
            return fast ? 0 : 1;
        }
        try (pair) {
            return compare(samples, "Over a veth pair between two network namespaces, by AF_XDP", pair, "%s:afxdp") && fast ? 0 : 1;
        }
    }

    private static boolean compare(Samples samples, String where, Hosts hosts, String interfaces) throws IOException {
        System.out.println("\n" + where + ":");
        final RoundTrips jdk = run(samples, hosts, Flavour.jdk("the JDK", Machine.java()));
        final RoundTrips accel = run(samples, hosts, Flavour.accel("Accel", Machine.java(), interfaces));
        System.out.println();
        System.out.print(new TextTable("", "p50 µs", "p99 µs", "messages/s", "lost", "datagrams fast", "kernel")
            .row("JDK", micros(jdk.p50()), micros(jdk.p99()), number(jdk.rate()), number(jdk.lost()), "-", "all")
            .row("Accel", micros(accel.p50()), micros(accel.p99()), number(accel.rate()), number(accel.lost()),
                number(accel.paths().fast()), number(accel.paths().kernel())));
        System.out.println();
        System.out.println(Verdict.of(jdk, accel));
        return accel.paths().fastShare() > Verdict.MOSTLY;
    }

    private static RoundTrips run(Samples samples, Hosts hosts, Flavour flavour) throws IOException {
        System.err.println("  running on " + flavour.name() + ", about 7 seconds ...");
        return samples.pingPong(hosts, flavour, flavour, List.of(), PING);
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e3);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
