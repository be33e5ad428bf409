package io.accel.tools.top;

import io.accel.core.config.Configuration;
import io.accel.tools.state.ProcessState;
import io.accel.tools.state.Processes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

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
    private final LivingAndJustDead livingAndJustDead;
    private final List<String> complaints;

    /**
     * @param complaints where the source tells what it left out
     * @param nanoClock  as {@link System#nanoTime}
     */
    Looks(List<Long> pids, Source source, List<String> complaints, LongSupplier nanoClock) {
        this.pids = pids;
        this.source = source;
        this.complaints = complaints;
        this.livingAndJustDead = new LivingAndJustDead(nanoClock);
    }

    /** At the state files. Fails when one that was asked for is not known. @param pids empty: all that there are */
    static Looks atFiles(List<Long> pids) throws IOException {
        final List<String> complaints = new ArrayList<>();
        final Processes processes = new Processes(Configuration.ofSystem(), complaints::add);
        for (final long pid : pids) {
            processes.await(pid);
        }
        return new Looks(pids, processes::all, complaints, System::nanoTime);
    }

    /** One that was asked for is told of also when it is dead, but is missing when it has ended and took its state along. */
    List<ProcessRow> look() throws IOException {
        complaints.clear();
        final List<ProcessState> all = source.all();
        return history.add(pids.isEmpty() ? livingAndJustDead.of(all) : all.stream().filter(each -> pids.contains(each.pid())).toList());
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
