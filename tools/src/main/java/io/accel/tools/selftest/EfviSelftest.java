package io.accel.tools.selftest;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.natives.Natives;
import io.accel.tools.ToolException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tries ef_vi on a NIC. */
@Command(name = "efvi", mixinStandardHelpOptions = true,
    description = "Tries ef_vi on a NIC: opens a VI, installs a filter, sends, resets; with --peer exchanges datagrams through "
        + "DatagramChannel, with timestamps and sleeping receives. Status 0 when no step failed, 1 otherwise.",
    footer = {"", "The other end of --peer runs './accel selftest echo'. It is another host, or another port of this one joined by a cable "
        + "and moved into a namespace: ip netns add far; ip link set PORT netns far; ip netns exec far ./accel selftest echo"})
public final class EfviSelftest implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IFACE", description = "the interface, or N@CLUSTER")
    private String name;

    @Option(names = "--peer", paramLabel = "HOST[:PORT]", description = "where './accel selftest echo' runs; "
        + "without it the steps that need it are skipped")
    private String peer;

    @Option(names = "--count", description = "datagrams to exchange (default: ${DEFAULT-VALUE})", defaultValue = "1000")
    private int count;

    @Override
    public Integer call() throws IOException {
        if (!Natives.isAvailable()) {
            throw new ToolException("the native library could not be loaded: " + Natives.unavailabilityCause().getMessage(),
                Natives.unavailabilityCause());
        }
        choose(Options.INTERFACES.property(), name + ":efvi");
        choose(Options.EFVI_TIMESTAMPS.property(), "true");
        choose(Options.SPIN_MICROS.property(), "0");
        final Configuration configuration = Configuration.ofSystem();
        configuration.complaints().forEach(complaint -> System.err.println("accel: " + complaint));
        final List<InetAddress> addresses = addresses();
        final Checklist list = new Checklist(System.out);
        final boolean open = new NicSteps(name, configuration, addresses).run(list);
        if (peer == null) {
            skip(list, "give --peer=HOST, where './accel selftest echo' runs");
        } else if (!open) {
            skip(list, "there is no VI");
        } else {
            exchange(list, addresses);
        }
        return list.finish();
    }

    /** This test's choices are stronger than what the environment says. */
    private static void choose(String property, String value) {
        System.setProperty(property, value);
    }

    /** Those that a peer is likely to know come first. */
    private List<InetAddress> addresses() throws IOException {
        final NetworkInterface there = NetworkInterface.getByName(name);
        return there == null ? List.of() : Collections.list(there.getInetAddresses()).stream()
            .sorted(Comparator.comparing((InetAddress address) -> !(address instanceof Inet4Address))
                .thenComparing(InetAddress::isLinkLocalAddress)).toList();
    }

    private void exchange(Checklist list, List<InetAddress> addresses) throws IOException {
        final AtomicReference<Peer> found = new AtomicReference<>();
        list.run("peer", () -> {
            found.set(Peer.of(peer, addresses, name));
            return Outcome.ok(found.get().text());
        });
        if (found.get() == null) {
            skip(list, "there is no way to the peer");
        } else {
            new ExchangeSteps(found.get(), count).run(list);
        }
    }

    private static void skip(Checklist list, String why) {
        List.of("receive", "timestamp", "sleep", "report").forEach(each -> list.skip(each, why));
    }
}
