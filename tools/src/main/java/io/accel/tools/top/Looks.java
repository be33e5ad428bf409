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

    /** @param complaints where the source tells what it left out */
    Looks(List<Long> pids, Source source, List<String> complaints) {
        this.pids = pids;
        this.source = source;
        this.complaints = complaints;
    }

    /** At the state files. Fails when one that was asked for is not known. @param pids empty: all that there are */
    static Looks atFiles(List<Long> pids) throws IOException {
        final List<String> complaints = new ArrayList<>();
        final Processes processes = new Processes(Configuration.ofSystem(), complaints::add);
        for (final long pid : pids) {
            processes.await(pid);
        }
        return new Looks(pids, processes::all, complaints);
    }

    /** One that was asked for and has ended is missing. */
    List<ProcessRow> look() throws IOException {
        complaints.clear();
        return history.add(source.all().stream().filter(each -> pids.isEmpty() || pids.contains(each.pid())).toList());
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
