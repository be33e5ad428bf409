package io.accel.tools.explain;

import io.accel.core.config.Configuration;
import io.accel.tools.state.ProcessState;
import io.accel.tools.state.Processes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether each channel of a running process is accelerated, and why not. */
@Command(name = "explain", mixinStandardHelpOptions = true,
    subcommands = {UdpQuestion.class, BindQuestion.class, JoinQuestion.class},
    description = "Whether each channel of a process is accelerated, in what direction and to whom, and what to do where it is not."
        + " With one of the commands below: what would be, before any program runs.")
public final class ExplainCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "PID", converter = Subject.class,
        description = "one process; default: all that this user may look into")
    private Long pid;

    @Option(names = "--json", description = "everything that the processes tell, as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final List<ProcessState> processes = new Processes(Configuration.ofSystem()).select(pid);
        if (json) {
            System.out.print(Processes.json(processes));
        } else if (processes.isEmpty()) {
            System.out.println(Processes.NONE);
        } else {
            processes.forEach(each -> System.out.print(ProcessText.of(each)));
        }
        return 0;
    }
}
