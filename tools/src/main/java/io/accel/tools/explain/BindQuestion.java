package io.accel.tools.explain;

import io.accel.udp.stack.DryRun;
import io.accel.udp.state.DryVerdict;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who would receive for a socket. */
@Command(name = "bind", mixinStandardHelpOptions = true,
    description = "How datagrams would come to a socket that is bound to LOCAL:PORT, decision by decision, before any program runs.",
    footer = {"", "The port itself is not bound, and nothing is attached to an interface.",
        "Status 0: on the fast path; 1: by the kernel, or the kernel would refuse it; 2: a wrong command line."})
final class BindQuestion extends DryQuestion {
    @Parameters(paramLabel = "LOCAL:PORT", description = "for instance 10.0.0.1:7000, [fd00::1]:7000, *:7000")
    private String local;

    @Option(names = "--reuse", description = "the program sets SO_REUSEADDR")
    private boolean reuse;

    @Override
    DryVerdict ask(DryRun dryRun) throws IOException {
        final EndPoint end = endPoint(local);
        if (end.port() == 0) {
            throw misuse("'" + local + "' lacks a port: write for instance " + local + ":7000");
        }
        try (DryShadow shadow = DryShadow.open(end.bindable(), false, reuse)) {
            return dryRun.bind(shadow.address());
        }
    }
}
