package io.accel.tools.tcpdump;

import io.accel.core.config.Configuration;
import io.accel.core.config.Names;
import io.accel.tools.ToolException;
import io.accel.tools.state.ProcessState;
import io.accel.tools.state.Processes;
import io.accel.tools.text.Wrapped;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Captures what processes send and receive past the kernel. */
@Command(name = "tcpdump", mixinStandardHelpOptions = true,
    description = {"Captures what processes with Accel send, receive and drop past the kernel, where no other capture sees it: in lines, or"
        + " with -w in pcapng, each packet with its verdict and its channel as a comment."},
    footer = {"", "  ./accel tcpdump -w - | wireshark -k -i -      ./accel tcpdump -w - udp port 5000 | tcpdump -r -", "",
        "A process begins to show its packets within a second. Messages through shared memory have made-up IP and UDP headers; "
        + "what channels handed to the kernel is on the interface 'kernel', without payload. Root captures everybody's processes, "
        + "others their own. It ends by Ctrl-C, after -c packets, or with the processes named."})
public final class TcpdumpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = {"-i", "--interface"}, paramLabel = "IFACE", description = "of this interface alone: as netif lists it, lo or kernel")
    private String interfaceName;

    @Option(names = {"-w", "--write"}, paramLabel = "FILE", description = "pcapng to a file, or to standard output for -")
    private String file;

    @Option(names = {"-c", "--count"}, paramLabel = "COUNT", description = "end after so many packets")
    private Long count;

    @Option(names = {"-s", "--snapshot-length"}, paramLabel = "BYTES", description = "keep so many bytes of each packet; default: all")
    private Integer snap;

    @Parameters(arity = "0..*", paramLabel = "PID | EXPRESSION",
        description = "processes, by default all, then a filter expression as tcpdump takes it (pcap-filter(7))")
    private List<String> words = new ArrayList<>();

    private final Processes processes = new Processes(Configuration.ofSystem());
    private final List<Long> pids = new ArrayList<>();

    @Override
    public Integer call() throws IOException, ToolException {
        check(count == null || count > 0, "-c: a count is at least 1, not " + count);
        check(snap == null || snap > 0 && snap <= LinkType.SNAP, "-s: a length is from 1 to " + LinkType.SNAP + ", not " + snap);
        final String expression = expression();
        try (PacketFilter filter = expression.isEmpty() ? null : new PacketFilter(expression)) {
            for (final Long pid : pids) {
                processes.select(pid);
            }
            if (interfaceName != null) {
                checkInterface(processes.all());
            }
            if (find().isEmpty()) {
                System.err.println(Wrapped.under("", Processes.NONE + (pids.isEmpty() ? " Waiting for one." : ""), 0).strip());
            }
            capture(filter);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        return 0;
    }

    /** Takes the processes off the words; the others are the expression. */
    private String expression() {
        int i = 0;
        while (i < words.size() && words.get(i).matches("\\d{1,10}")) {
            pids.add(Long.valueOf(words.get(i++)));
        }
        return String.join(" ", words.subList(i, words.size()));
    }

    private void check(boolean right, String complaint) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), complaint);
        }
    }

    private void checkInterface(List<ProcessState> all) {
        final Collection<String> known = new TreeSet<>(List.of("kernel", "lo"));
        all.forEach(each -> each.interfaces().forEach(one -> known.add(one.path("name").asText())));
        if (!known.contains(interfaceName)) {
            final String nearest = Names.nearest(interfaceName, known);
            check(all.isEmpty(), "no process here has an interface '" + interfaceName + "'"
                + (nearest == null ? "" : "; did you mean " + nearest + "?") + " There are " + String.join(", ", known));
        }
    }

    private List<ProcessState> find() throws IOException {
        return processes.all().stream().filter(ProcessState::alive).filter(each -> pids.isEmpty() || pids.contains(each.pid())).toList();
    }

    private void capture(PacketFilter filter) throws ToolException {
        final int kept = snap == null ? LinkType.SNAP : snap;
        try (PacketSink sink = sink(kept)) {
            final CaptureSession session = new CaptureSession(this::find, interfaceName, filter, count == null ? Long.MAX_VALUE : count,
                kept, sink, System.err);
            final CountDownLatch done = new CountDownLatch(1);
            final Thread end = new Thread(() -> {
                session.stop();
                awaitEnd(done);
                // An end by Ctrl-C is a good one.
                Runtime.getRuntime().halt(0);
            });
            Runtime.getRuntime().addShutdownHook(end);
            try {
                session.run(pids.isEmpty());
                sink.flush();
            } finally {
                removeHook(end);
                done.countDown();
            }
        } catch (final ToolException e) {
            throw e;
        } catch (final InternalError e) {
            throw new ToolException("the capture ended: a ring was cut short while it was read", e);
        } catch (final IOException e) {
            // Who reads a pipe ends a capture by closing it.
            if (!"Broken pipe".equals(e.getMessage())) {
                throw new ToolException("the capture ended: " + e, e);
            }
        }
    }

    private static void awaitEnd(CountDownLatch done) {
        try {
            if (!done.await(10, TimeUnit.SECONDS)) {
                System.err.println("accel tcpdump: the capture did not end in time and is not complete");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (final IllegalStateException ending) {
            // It is what ends this.
            return;
        }
    }

    private PacketSink sink(int kept) throws IOException {
        if (file == null) {
            return new CaptureLines(System.out);
        }
        if (file.equals("-")) {
            return new CaptureFile(new FileOutputStream(FileDescriptor.out).getChannel(), kept);
        }
        return new CaptureFile(FileChannel.open(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING), kept);
    }
}
