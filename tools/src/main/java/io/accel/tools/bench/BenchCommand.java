package io.accel.tools.bench;

import io.accel.tools.ToolException;
import io.accel.tools.run.Machine;
import io.accel.tools.run.VethPair;
import io.accel.tools.text.Json;
import io.accel.tools.text.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures contenders side by side, interleaved and repeated, and prints medians. */
@Command(name = "bench", mixinStandardHelpOptions = true,
    description = "Measures the C floor, the JDK, Netty and Accel side by side. Prints medians; every value goes to a JSON file.")
public final class BenchCommand implements Callable<Integer> {
    @Option(names = "--dist", required = true, hidden = true)
    private Path dist;

    @Option(names = "--floor", required = true, hidden = true)
    private Path floor;

    @Option(names = "--output", required = true, hidden = true)
    private Path output;

    @Option(names = "--report", paramLabel = "FILE",
        description = "a page of HTML with percentile curves and rates as well; without a name target/bench.html")
    private Path report;

    @Option(names = "--from", paramLabel = "FILE", description = "measures nothing, and makes the page of a former run's values")
    private Path from;

    @Option(names = "--quick", description = "one short repetition instead of --rounds")
    private boolean quick;

    @Option(names = "--rounds", description = "repetitions of every contender (default: ${DEFAULT-VALUE})", defaultValue = "5")
    private int rounds;

    @Parameters(paramLabel = "SECTION", description = {
        "shm, shm-rate, kernel, kernel-rate, sleep, veth, veth-rate, veth-tcp;",
        "netty: netty-host, netty-host-rate, netty-veth, netty-veth-rate, one program on Netty's NIO, epoll and io_uring and on Accel;",
        "default: all"})
    private List<String> wanted = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private Set<String> selected;
    private Handover handover;
    private final Map<String, Object> results = new LinkedHashMap<>();
    private int failures;
    private int missed;

    @Override
    public Integer call() throws IOException {
        selected = Catalogue.select(wanted);
        check();
        if (from != null) {
            writeReport(Files.readString(from));
            return 0;
        }
        final int repetitions = quick ? 1 : Math.max(1, rounds);
        final Catalogue catalogue = new Catalogue(dist, floor, quick);
        System.out.println(describeMachine());
        handover = catalogue.handover();
        handover.learn();
        for (final Section section : catalogue.local()) {
            run(section, repetitions);
        }
        if (selected.stream().anyMatch(Catalogue::needsRoot)) {
            if (Machine.isRoot()) {
                try (VethPair pair = VethPair.create()) {
                    for (final Section section : catalogue.veth(pair)) {
                        run(section, repetitions);
                    }
                }
            } else {
                System.out.println("The sections over veth need root and are left out.");
            }
        }
        write(repetitions);
        System.out.println(handover.describe());
        System.out.printf("%d budgets missed, %d repetitions failed. All values: %s%n", missed, failures, output);
        return failures > 0 ? 1 : 0;
    }

    /** What is wrong is told before the minutes that a run takes. */
    private void check() throws IOException {
        if (from != null && report == null) {
            throw new ToolException("--from needs --report, which says where the page goes");
        }
        if (from != null && !Files.isReadable(from)) {
            throw new ToolException("the file " + from + " cannot be read");
        }
        if (report != null && !Files.isDirectory(report.toAbsolutePath().getParent())) {
            throw new ToolException("there is no directory for " + report);
        }
    }

    private void writeReport(String json) throws IOException {
        Files.writeString(report, ReportPage.of(json));
        System.out.println("The page: " + report);
    }

    private static String describeMachine() throws IOException {
        final StringBuilder text = new StringBuilder();
        Machine.describe().forEach((key, value) -> text.append(text.isEmpty() ? "" : "; ").append(key).append(' ').append(value));
        return text.append('\n').toString();
    }

    private void run(Section section, int repetitions) {
        if (!selected.contains(section.name())) {
            return;
        }
        final Medians medians = new Medians();
        for (int round = 1; round <= repetitions; round++) {
            for (final Contender contender : section.contenders()) {
                if (contender.refusal() != null) {
                    continue;
                }
                System.err.printf("  %s, round %d of %d: %s ...%n", section.name(), round, repetitions, contender.name());
                try {
                    medians.add(contender.name(), handover.run(contender.measurement()));
                } catch (final IOException | IllegalArgumentException e) {
                    failures++;
                    System.err.println("    failed: " + e.getMessage());
                }
            }
        }
        System.out.println(section.title() + " (" + section.name() + ")");
        System.out.print(table(section, medians));
        for (final Budget budget : section.budgets()) {
            System.out.println("  " + budget.describe(medians));
            missed += budget.isMet(medians) ? 0 : 1;
        }
        System.out.println();
        results.put(section.name(), toMap(section, medians));
    }

    static String table(Section section, Medians medians) {
        final List<String> heads = new ArrayList<>(List.of(""));
        heads.addAll(section.metrics());
        final TextTable table = new TextTable(heads.toArray(String[]::new));
        for (final Contender contender : section.contenders()) {
            final List<String> cells = new ArrayList<>(List.of(contender.name()));
            section.metrics().forEach(metric -> cells.add(cell(metric, medians.of(contender.name(), metric))));
            table.row(cells.toArray(String[]::new));
        }
        final List<String> lines = new ArrayList<>(table.toString().lines().toList());
        for (int i = 0; i < section.contenders().size(); i++) {
            final String refusal = section.contenders().get(i).refusal();
            lines.set(i + 1, lines.get(i + 1) + (refusal == null ? "" : "  " + refusal));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String cell(String metric, double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        final boolean isCount = metric.equals("rate/s") || metric.equals("received/s") || metric.equals("lost");
        return String.format(Locale.ROOT, isCount ? "%,.0f" : "%.2f", value);
    }

    static Map<String, Object> toMap(Section section, Medians medians) {
        final List<Object> budgets = new ArrayList<>();
        for (final Budget budget : section.budgets()) {
            final Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("budget", budget.describe(medians));
            entry.put("ratio", budget.ratio(medians));
            entry.put("met", budget.isMet(medians));
            budgets.add(entry);
        }
        final Map<String, Object> medianValues = new LinkedHashMap<>();
        medians.all().forEach((contender, metrics) -> {
            final Map<String, Object> values = new LinkedHashMap<>();
            metrics.forEach((metric, all) -> values.put(metric, Medians.median(all)));
            medianValues.put(contender, values);
        });
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("title", section.title());
        map.put("medians", medianValues);
        map.put("budgets", budgets);
        map.put("repetitions", medians.all());
        map.put("curves", medians.curves());
        final Map<String, Object> refused = new LinkedHashMap<>();
        section.contenders().stream().filter(each -> each.refusal() != null).forEach(each -> refused.put(each.name(), each.refusal()));
        map.put("refused", refused);
        return map;
    }

    /** The command line without what the script adds. */
    private List<String> given() {
        return spec.commandLine().getParseResult().originalArgs().stream()
            .filter(each -> !each.matches("--(dist|floor|output|report)=.*")).toList();
    }

    private void write(int repetitions) throws IOException {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        document.put("machine", Machine.describe());
        document.put("rounds", repetitions);
        document.put("quick", quick);
        document.put("command", "./accel " + String.join(" ", given()));
        document.put("sections", results);
        final String json = Json.write(document);
        Files.writeString(output, json);
        if (report != null) {
            writeReport(json);
        }
    }
}
