package io.accel.tools.top;

import io.accel.core.config.Configuration;
import io.accel.tools.state.ProcessState;
import io.accel.tools.state.Processes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One look after the other at the processes that were asked for. */
final class Looks {
    /** Where states come from. */
    @FunctionalInterface
    interface Source {
        List<ProcessState> all() throws IOException;
    }

    private final List<Long> pids;
    private final Source source;
    private final History history = new History();
    private final List<String> complaints;
    private boolean first = true;

    /** @param complaints where the source tells what it left out */
    Looks(List<Long> pids, Source source, List<String> complaints) {
        this.pids = pids;
        this.source = source;
        this.complaints = complaints;
    }

    /** At the state files. @param pids empty: all that there are */
    static Looks atFiles(List<Long> pids) {
        final List<String> complaints = new ArrayList<>();
        return new Looks(pids, new Processes(Configuration.ofSystem(), complaints::add)::all, complaints);
    }

    /** Fails at the first when one that was asked for is not known; one that ends later is missing then. */
    List<ProcessRow> look() throws IOException {
        complaints.clear();
        final List<ProcessState> all = source.all();
        if (first) {
            for (final long pid : pids) {
                Processes.require(pid, all);
            }
            first = false;
        }
        return history.add(all.stream().filter(each -> pids.isEmpty() || pids.contains(each.pid())).toList());
    }

    /** Of the last look: files that were left out. */
    List<String> complaints() {
        return complaints;
    }

    /** Whether rates are known of all that tell. */
    boolean isComplete() {
        return history.isComplete();
    }
}
