package io.accel.tools.doctor;

import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.natives.Natives;
import io.accel.tools.ToolException;
import io.accel.udp.address.IpVersion;
import io.accel.udp.route.Firewall;
import io.accel.udp.route.FirewallVerdict;
import io.accel.udp.route.NetworkDevices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether this host is set up for what Accel is for, and the command that mends what is not. */
@Command(name = "doctor", mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit status:%n",
    description = "Looks, before production, whether this host is set up for low latency, and tells the command that mends what is not. "
        + "It changes nothing. Without root it tells what it could not see.",
    exitCodeList = {"0:nothing to mend", "1:the command itself failed", "2:wrong command line", "3:something has a price (WARN)",
        "4:something keeps traffic off the fast path (FAIL)"})
public final class DoctorCommand implements Callable<Integer> {
    private static final int WARNED = 3;
    private static final int FAILED = 4;

    @Parameters(paramLabel = "INTERFACE",
        description = "the interfaces to look at (default: those of accel.interfaces, else all that are up)")
    private List<String> devices = new ArrayList<>();

    @Option(names = "--pid", paramLabel = "PID",
        description = "look at this running program's limits, CPUs and flags instead of this shell's")
    private Long pid;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final HostFiles host = new HostFiles(Path.of("/"));
        final ProcessFiles process = new ProcessFiles(host, pid == null ? ProcessFiles.SELF : pid.toString());
        if (!process.exists()) {
            throw new ToolException("there is no process " + pid);
        }
        final Configuration configuration = Configuration.ofSystem();
        configuration.complaints().forEach(complaint -> System.err.println("accel: " + complaint));
        final Wanted wanted = new Wanted(configuration);
        final List<String> chosen = choose(host, wanted);
        final Examination examination = new Examination(host, process, wanted, HostCommands.REAL);
        final List<Finding> findings;
        if (Natives.isAvailable()) {
            try (NetworkDevices network = NetworkDevices.open()) {
                final Firewall firewall = new Firewall(network, System::nanoTime);
                findings = examination.run(chosen, firewall::verdict);
            }
        } else {
            findings = new ArrayList<>(examination.run(chosen, unknown()));
            findings.add(0, Finding.fail("native library", "", Natives.unavailabilityCause().getMessage(),
                "-Daccel.native.dir=DIR, a directory that is not mounted noexec"));
        }
        System.out.print(json ? FindingsJson.of(findings) : FindingsText.of(findings));
        return switch (FindingsText.worst(findings)) {
            case OK, UNSEEN -> 0;
            case WARN -> WARNED;
            case FAIL -> FAILED;
        };
    }

    private static BiFunction<String, IpVersion, FirewallVerdict> unknown() {
        return (device, version) -> new FirewallVerdict(FirewallVerdict.State.UNKNOWN, "the native library could not be loaded");
    }

    private List<String> choose(HostFiles host, Wanted wanted) throws ToolException {
        for (final String device : devices) {
            if (!host.exists("/sys/class/net/" + device)) {
                throw new ToolException("there is no interface " + device + "; there are "
                    + String.join(", ", host.list("/sys/class/net")));
            }
        }
        if (!devices.isEmpty()) {
            return devices;
        }
        final List<String> named = wanted.entries().stream().map(Entry::interfaceName).filter(name -> !name.equals("lo")).toList();
        return !named.isEmpty() ? named : host.list("/sys/class/net").stream().filter(name -> !name.equals("lo")
            && host.read("/sys/class/net/" + name + "/operstate").orElse("").equals("up")).toList();
    }
}
