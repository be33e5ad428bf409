package io.accel.tools.stackdump;

import io.accel.core.config.Configuration;
import io.accel.tools.state.ProcessState;
import io.accel.tools.state.Processes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What processes with Accel are doing, seen from outside. */
@Command(name = "stackdump", mixinStandardHelpOptions = true,
    description = {"What processes with Accel are doing, seen from outside: running, hanging, or dead.",
        "A process tells its state once a second; that of a dead one stays until 'accel reap', or until sixteen others have died."},
    footer = {"", "Root sees everybody's processes, others their own. The views: processes (one line each), netif (virtual "
        + "interfaces and their rings), sockets (channels), ledger (what became of all that arrived), filters, routes "
        + "and neighbours (as the kernel last answered), packets (who holds frames), threads, stats (sums), "
        + "describe_stats (what they mean), options, lots (all of these).",
        "", "'stackdump clear [PID]' has stats count from now on: for this user's eyes, the processes notice nothing."})
public final class StackdumpCommand implements Callable<Integer> {
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    @Parameters(index = "0", arity = "0..1", defaultValue = "processes", paramLabel = "VIEW",
        converter = ViewName.Converter.class, description = "one of those below, or clear; default: ${DEFAULT-VALUE}")
    private ViewName wanted;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PID", description = "one process; default: all")
    private Long pid;

    @Option(names = "--json", description = "everything that the processes tell, as JSON")
    private boolean json;

    @Option(names = "--watch", description = "again every second, until interrupted")
    private boolean watch;

    @Override
    public Integer call() throws IOException, InterruptedException {
        final Processes processes = new Processes(Configuration.ofSystem());
        if (wanted.isClear()) {
            return clear(processes);
        }
        while (true) {
            final String text = text(processes.select(pid));
            if (watch && System.console() != null) {
                System.out.print(CLEAR_SCREEN);
            }
            System.out.print(text);
            if (!watch) {
                return 0;
            }
            Thread.sleep(1000);
        }
    }

    private int clear(Processes processes) throws IOException {
        final List<ProcessState> cleared = processes.select(pid);
        Baselines.ofUser().clear(cleared, processes.all());
        System.out.println(cleared.isEmpty() ? Processes.NONE
            : "stats counts from now on for " + cleared.size() + (cleared.size() == 1 ? " process." : " processes."));
        return 0;
    }

    private String text(List<ProcessState> processes) throws IOException {
        if (json) {
            return Processes.json(processes);
        }
        return processes.isEmpty() ? Processes.NONE + "\n" : wanted.view().of(processes);
    }
}
