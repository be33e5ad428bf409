package io.accel.tools.stackdump;

import io.accel.core.config.Configuration;
import io.accel.core.counters.StateFiles;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Removes what dead processes left. */
@Command(name = "reap", mixinStandardHelpOptions = true,
    description = {"Removes the states that dead processes of this user left for stackdump.",
        "All else that they leave is reaped by the next process that starts."})
public final class ReapCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        final int removed = new StateFiles(Configuration.ofSystem()).reap();
        System.out.println(removed == 0 ? "Nothing to reap."
            : "Reaped " + removed + (removed == 1 ? " dead process." : " dead processes."));
        return 0;
    }
}
