package io.accel.tools.top;

import io.accel.tools.ToolException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Processes with Accel and their channels, live. */
@Command(name = "top", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Processes with Accel and their channels, live: which path each takes and why, datagrams and drops a second, how full "
        + "its queue is. Running and hanging ones, as stackdump knows them; they tell once a second. One that dies is shown for ten "
        + "seconds more, one that was dead before only when its PID is given.",
    footer = {"", "Keys: r i o d u n p  sort by rate, in, out, drops, queue, name, pid;  s  by the next;  R  reverse; "
        + "/  filter, Esc  everything;  v  virtual interfaces;  space  pause;  arrows, Page Up and Down;  q  quit.",
        "Root sees everybody's processes, others their own. NO_COLOR is heeded; no terminal is as --batch."})
public final class TopCommand implements Callable<Integer> {
    /** A process that has thousands of channels tells less often than once a second. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long STEP_MILLIS = 100;

    @Parameters(paramLabel = "PID", description = "these processes; default: all")
    private List<Long> pids = new ArrayList<>();

    @Option(names = {"-s", "--sort"}, paramLabel = "KEY", converter = SortWord.class, defaultValue = "rate",
        description = "rate, in, out, drops, queue, name or pid; default: ${DEFAULT-VALUE}")
    private SortKey key;

    @Option(names = {"-f", "--filter"}, paramLabel = "TEXT", defaultValue = "",
        description = "only what holds this: a channel's addresses or path, a process's id or command")
    private String filter;

    @Option(names = {"-d", "--delay"}, paramLabel = "SECONDS", defaultValue = "1",
        description = "between two looks; default: ${DEFAULT-VALUE}")
    private int delay;

    @Option(names = {"-b", "--batch"}, description = "plain text, a page for each look, as wide as 100 columns")
    private boolean batch;

    @Option(names = "-n", paramLabel = "COUNT", description = "so many looks, in batch mode; default: until interrupted")
    private Integer count;

    @Option(names = "--once", description = "as --batch -n 1; it takes a second, as a rate is between two states")
    private boolean once;

    @Option(names = "--json", description = "in batch mode, each look as JSON in one line")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (delay < 1 || delay > 3600) {
            throw new ToolException("the delay is 1 to 3600 seconds, not " + delay);
        }
        if (count != null && count < 1) {
            throw new ToolException("the count of looks is 1 or more, not " + count);
        }
        final Looks looks = Looks.atFiles(pids);
        final Selection selection = new Selection(key, false, filter);
        if (!batch && !once && !json && count == null) {
            try (Terminal terminal = TerminalBuilder.builder().provider(TerminalBuilder.PROP_PROVIDER_EXEC).system(true)
                .systemOutput(SystemOutput.SysOut).dumb(true).build()) {
                if (!terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
                    return new LiveView(terminal, looks, selection, delay, isWithoutColours()).run();
                }
            }
        }
        return batch(looks, selection, once ? 1 : count == null ? Integer.MAX_VALUE : count);
    }

    /** As no-color.org has it: set, and not empty. */
    private static boolean isWithoutColours() {
        final String set = System.getenv("NO_COLOR");
        return set != null && !set.isEmpty();
    }

    private int batch(Looks looks, Selection selection, int times) throws IOException, InterruptedException {
        final PrintStream out = System.out;
        List<ProcessRow> rows = looks.look();
        for (final long start = System.nanoTime(); !looks.isComplete() && System.nanoTime() - start < PATIENCE_NANOS;) {
            Thread.sleep(STEP_MILLIS);
            rows = looks.look();
        }
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                Thread.sleep(TimeUnit.SECONDS.toMillis(delay));
                rows = looks.look();
            }
            looks.complaints().forEach(complaint -> System.err.println("accel: " + complaint));
            if (json) {
                out.println(LookJson.of(rows, selection, Instant.now()));
            } else {
                out.print((i == 0 ? "" : "\n") + new Page(rows, selection, LocalTime.now()).text());
            }
            if (out.checkError()) {
                return 0;
            }
        }
        return 0;
    }
}
