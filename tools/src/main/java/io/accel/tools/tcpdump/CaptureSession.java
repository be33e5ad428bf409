package io.accel.tools.tcpdump;

import io.accel.core.capture.CapturedPacket;
import io.accel.core.counters.CaptureFiles;
import io.accel.tools.ToolException;
import io.accel.tools.state.PlainText;
import io.accel.tools.state.ProcessState;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Takes the packets of several processes until it is told to stop, has enough, or they have all ended. */
final class CaptureSession {
    /** Packets of one process before the next one's turn. */
    private static final int TURN = 256;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long LOOK_NANOS = 500_000_000;
    /** A process looks each second; one that takes longer is told of. */
    private static final long PATIENCE_NANOS = 4_000_000_000L;

    /** Who finds processes. */
    interface Finder {
        /** Those that live now and are meant. */
        List<ProcessState> find() throws IOException;
    }

    private final Finder finder;
    private final String interfaceName;
    private final PacketFilter filter;
    private final long enough;
    private final PacketSink sink;
    private final PrintStream told;
    private final int snap;
    private final Map<CaptureFiles, CapturedProcess> processes = new LinkedHashMap<>();
    private final Map<CaptureFiles, Long> asked = new LinkedHashMap<>();
    private final List<CapturedInterface> ended = new ArrayList<>();
    private final CapturedPacket record = new CapturedPacket();
    private final Packet packet;
    private long received;
    private long captured;
    /** Whether the only process could not be asked, so that there is no capture to tell of. */
    private boolean refused;
    private volatile boolean stopped;

    /**
     * @param interfaceName whose packets are wanted; null: all
     * @param filter        null: all
     * @param enough        how many packets end it
     * @param told          what happens is told there
     */
    CaptureSession(Finder finder, String interfaceName, PacketFilter filter, long enough, int snap, PacketSink sink, PrintStream told) {
        this.finder = finder;
        this.interfaceName = interfaceName;
        this.filter = filter;
        this.enough = enough;
        this.snap = snap;
        this.sink = sink;
        this.told = told;
        this.packet = new Packet(snap);
    }

    /** Ends it soon. Any thread. */
    void stop() {
        stopped = true;
    }

    /**
     * Captures until the end.
     *
     * @param waits whether it goes on while there is no process, for one that may come, and without those that cannot be asked
     */
    void run(boolean waits) throws IOException, ToolException {
        try {
            long nextLook = System.nanoTime();
            while (!stopped && captured < enough) {
                if (System.nanoTime() - nextLook >= 0) {
                    nextLook = System.nanoTime() + LOOK_NANOS;
                    look(waits);
                    if (processes.isEmpty() && !waits) {
                        break;
                    }
                }
                if (drain(TURN) == 0) {
                    sink.flush();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            // What was sent before the end was asked for; what goes on coming meanwhile is not waited for.
            for (int turns = 0; captured < enough && turns < 2 * (16 << 20) / TURN / 104 && drain(TURN) > 0; turns++) {
                continue;
            }
        } finally {
            final List<CapturedInterface> all = new ArrayList<>(ended);
            processes.values().forEach(each -> all.addAll(each.interfaces()));
            processes.values().forEach(CapturedProcess::close);
            if (!refused) {
                finish(all);
            }
        }
    }

    private void finish(List<CapturedInterface> all) throws IOException {
        all.removeIf(each -> interfaceName != null && !each.name().equals(interfaceName));
        final StringBuilder lost = new StringBuilder();
        long missed = 0;
        for (final CapturedInterface each : all) {
            missed += each.missed();
            if (each.missed() > 0) {
                lost.append(lost.isEmpty() ? " (" : ", ").append(each.missed()).append(" of ").append(each.name()).append(" of process ")
                    .append(each.pid());
            }
        }
        told.println(captured + (captured == 1 ? " packet" : " packets") + " captured");
        told.println(received + " received");
        told.println(missed + " missed" + (lost.isEmpty() ? "" : lost + ")"));
        all.removeIf(each -> each.number() < 0 && each.missed() == 0);
        sink.writeStatistics(all);
        sink.flush();
    }

    /** Asks processes that are new, and lets those go that have ended. */
    private void look(boolean waits) throws IOException, ToolException {
        final List<ProcessState> found = finder.find();
        for (final ProcessState each : found) {
            if (asked.putIfAbsent(each.capture(), System.nanoTime()) == null) {
                try {
                    processes.put(each.capture(), CapturedProcess.ask(each.pid(), each.capture(), snap));
                } catch (final ToolException e) {
                    if (!waits) {
                        refused = ended.isEmpty() && processes.isEmpty();
                        throw e;
                    }
                    tell(e.getMessage());
                }
            }
        }
        for (final CaptureFiles each : List.copyOf(processes.keySet())) {
            final CapturedProcess process = processes.get(each);
            try {
                begin(each, process);
            } catch (final IOException e) {
                tell("process " + process.pid() + ": " + e.getMessage());
                end(each);
                continue;
            }
            if (found.stream().noneMatch(state -> state.capture().equals(each))) {
                while (!stopped && captured < enough && drain(process, TURN) > 0) {
                    continue;
                }
                end(each);
            }
        }
    }

    private void begin(CaptureFiles files, CapturedProcess process) throws IOException {
        final Long since = asked.get(files);
        if (process.isRunning()) {
            if (since != 0) {
                tell("capturing packets of process " + process.pid());
                asked.put(files, 0L);
            }
        } else if (since != 0 && System.nanoTime() - since > PATIENCE_NANOS) {
            tell("process " + process.pid() + " does not begin to capture: it hangs, or has no room for 16 MiB in " + files.ring());
            asked.put(files, Long.MAX_VALUE);
        }
    }

    /** What names a file of another user's may hold anything. */
    private void tell(String what) {
        told.println("accel tcpdump: " + PlainText.of(what));
    }

    private void end(CaptureFiles files) {
        final CapturedProcess process = processes.remove(files);
        ended.addAll(process.interfaces());
        process.close();
    }

    private int drain(int most) throws IOException {
        int taken = 0;
        for (final CaptureFiles each : List.copyOf(processes.keySet())) {
            taken += drain(processes.get(each), most);
        }
        return taken;
    }

    private int drain(CapturedProcess process, int most) throws IOException {
        return captured >= enough ? 0 : process.drain(record, most, this::take);
    }

    private boolean take(CapturedInterface from, CapturedPacket each) throws IOException {
        if (interfaceName != null && !from.name().equals(interfaceName)) {
            return true;
        }
        received++;
        from.countReceived();
        packet.set(from.link(), each);
        if (filter == null || filter.matches(packet)) {
            captured++;
            from.countWanted();
            sink.write(from, each, packet);
        }
        return captured < enough;
    }
}
