package io.accel.tools.explain;

import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.DryRun;
import io.accel.udp.state.DryVerdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How a datagram would go. */
@Command(name = "udp", mixinStandardHelpOptions = true,
    description = "How a datagram from LOCAL to REMOTE would go, decision by decision, before any program runs.",
    footer = {"", "As in: explain udp 10.0.0.1 10.0.0.2:9000; 'to' may stand between, or '->' in quotes. "
        + "No datagram is sent and no port is bound; a next hop that was not heard of for long is asked for.",
        "Status 0: on the fast path; 1: by the kernel; 2: a wrong command line."})
final class UdpQuestion extends DryQuestion {
    private static final List<String> BETWEEN = List.of("->", "to");

    @Parameters(arity = "1..3", paramLabel = "[LOCAL] REMOTE:PORT",
        description = "addresses, for instance 10.0.0.1:7000, [fd00::1]:7000; default of LOCAL: as the kernel chooses")
    private List<String> words;

    @Option(names = "--bytes", paramLabel = "N", defaultValue = "64", description = "length of the payload; default: ${DEFAULT-VALUE}")
    private int bytes;

    @Option(names = "--reuse", description = "the program sets SO_REUSEADDR")
    private boolean reuse;

    @Override
    DryVerdict ask(DryRun dryRun) throws IOException {
        if (bytes < 0 || bytes > UdpSocket.MAX_DATAGRAM) {
            throw misuse(String.format(Locale.ROOT, "'--bytes=%d': a datagram's payload is 0 to %,d bytes", bytes, UdpSocket.MAX_DATAGRAM));
        }
        final List<String> ends = words.stream().flatMap(each -> Arrays.stream(each.trim().split("\\s+")))
            .filter(each -> !BETWEEN.contains(each)).toList();
        if (ends.isEmpty() || ends.size() > 2) {
            throw misuse("one or two addresses are wanted, not " + ends.size());
        }
        final EndPoint remote = endPoint(ends.get(ends.size() - 1));
        if (remote.address() == null || remote.port() == 0) {
            throw misuse("'" + ends.get(ends.size() - 1) + "' lacks " + (remote.address() == null ? "an address" : "a port")
                + ": write for instance 10.0.0.2:9000");
        }
        final EndPoint local = ends.size() == 1 ? new EndPoint(null, null, 0) : endPoint(ends.get(0));
        try (DryShadow shadow = DryShadow.open(local.bindable(), false, reuse)) {
            return dryRun.send(shadow.address(), new InetSocketAddress(remote.address(), remote.port()), bytes);
        }
    }
}
