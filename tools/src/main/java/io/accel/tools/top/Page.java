package io.accel.tools.top;

import io.accel.tools.state.ProcessState;
import io.accel.tools.state.Processes;
import io.accel.tools.text.EnumWord;
import io.accel.tools.text.Wrapped;
import io.accel.tools.top.Grid.Cell;
import io.accel.tools.top.Grid.Column;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** One look at all processes, as lines for a terminal of some width: how they do, their virtual interfaces, their channels. */
final class Page {
    private static final AttributedStyle BAD = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
    private static final AttributedStyle DOUBTFUL = AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle GOOD = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;

    private final List<ProcessRow> processes;
    private final List<ChannelRow> channels;
    private final Selection selection;
    private final LocalTime time;

    /** @param time of the look */
    Page(List<ProcessRow> all, Selection selection, LocalTime time) {
        processes = selection.processes(all);
        channels = selection.channels(all);
        this.selection = selection;
        this.time = time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** When, how sorted and filtered, and the sums. @param note what else is to be said of the page */
    List<AttributedString> summary(String note, int width) {
        final Flow sum = processes.stream().map(ProcessRow::flow).filter(each -> !Double.isNaN(each.in()))
            .reduce(new Flow(0, 0, 0, 0), Flow::plus);
        final long hanging = processes.stream().filter(each -> each.state().alive() && !each.state().isHeardOf()).count();
        final long dead = processes.stream().filter(each -> !each.state().alive()).count();
        final String first = "accel top  " + time + "  by " + EnumWord.of(selection.key()) + (selection.reversed() ? ", reversed" : "")
            + (selection.filter().isEmpty() ? "" : "  only '" + selection.filter() + "'") + (note.isEmpty() ? "" : "  " + note);
        final String second = String.format(Locale.ROOT, "%s%s%s  %s, %d fast  in/s %s  out/s %s  drops/s %s  lost/s %s",
            counted(processes.size(), "process", "es"), hanging > 0 ? ", " + hanging + " hanging" : "",
            dead > 0 ? ", " + dead + " dead" : "", counted(channels.size(), "channel", "s"),
            channels.stream().filter(each -> each.path().equals("fast")).count(), Flow.text(sum.in()), Flow.text(sum.out()),
            Flow.text(sum.drops()), Flow.text(sum.lost()));
        return List.of(new AttributedString(first, AttributedStyle.BOLD).columnSubSequence(0, width),
            new AttributedString(second).columnSubSequence(0, width));
    }

    List<AttributedString> processes(int width) {
        final Grid grid = new Grid(new Column("pid", 0, 0), new Column("state", 5, 1), new Column("told", 0, 4),
            new Column("channels", 0, 3), new Column("in/s", 0, 0), new Column("out/s", 0, 0), new Column("drops/s", 0, 2),
            new Column("lost/s", 0, 2), new Column("command", 8, 5));
        for (final ProcessRow each : processes) {
            grid.row(pid(each.state().pid()), condition(each.state()), Cell.of(age(each.state().age())),
                Cell.of(Integer.toString(each.channels().size())), rate(each.flow().in()), rate(each.flow().out()),
                drops(each.flow().drops()), drops(each.flow().lost()), Cell.of(each.state().command()));
        }
        return grid.lines(width);
    }

    List<AttributedString> interfaces(int width) {
        final Grid grid = new Grid(new Column("pid", 0, 3), new Column("interface", 8, 0), new Column("datapath", 4, 2),
            new Column("in/s", 0, 0), new Column("out/s", 0, 0), new Column("drops/s", 0, 1), new Column("lost/s", 0, 1),
            new Column("state", 6, 0));
        processes.stream().flatMap(each -> each.interfaces().stream()).forEach(each -> grid.row(pid(each.pid()), Cell.of(each.name()),
            Cell.of(each.datapath()), rate(each.flow().in()), rate(each.flow().out()), drops(each.flow().drops()),
            drops(each.flow().lost()),
            new Cell(each.state(), each.state().equals("open") ? GOOD : each.state().equals("closed") ? PLAIN : BAD)));
        return grid.lines(width);
    }

    List<AttributedString> channels(int width) {
        final Grid grid = new Grid(new Column("pid", 0, 3), new Column("channel", 14, 0), new Column("in/s", 0, 0),
            new Column("out/s", 0, 0), new Column("drops/s", 0, 1), new Column("lost/s", 0, 4), new Column("queue", 0, 2),
            new Column("path", 8, 0));
        for (final ChannelRow each : channels) {
            grid.row(pid(each.pid()), Cell.of(each.socket().name()), rate(each.flow().in()), rate(each.flow().out()),
                drops(each.flow().drops()), drops(each.flow().lost()), level(each.level()), path(each.path()));
        }
        return grid.lines(width);
    }

    /** All of it, without styles. */
    String text() {
        final List<AttributedString> lines = new ArrayList<>(summary("", Wrapped.COLUMNS));
        if (processes.isEmpty()) {
            lines.add(new AttributedString(selection.filter().isEmpty() ? Processes.NONE : "Nothing matches."));
        }
        for (final List<AttributedString> table : List.of(processes(Wrapped.COLUMNS), interfaces(Wrapped.COLUMNS),
            channels(Wrapped.COLUMNS))) {
            if (table.size() > 1) {
                lines.add(AttributedString.EMPTY);
                lines.addAll(table);
            }
        }
        final StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.toString().stripTrailing()).append('\n'));
        return text.toString();
    }

    private static String counted(int number, String one, String plural) {
        return number + " " + one + (number == 1 ? "" : plural);
    }

    private static Cell pid(long pid) {
        return Cell.of(Long.toString(pid));
    }

    private static Cell condition(ProcessState state) {
        return new Cell(state.condition(), !state.alive() ? BAD : state.isHeardOf() ? GOOD : DOUBTFUL);
    }

    private static Cell path(String path) {
        return new Cell(path, path.equals("fast") ? GOOD : DOUBTFUL);
    }

    private static Cell rate(double rate) {
        return Cell.of(Flow.text(rate));
    }

    private static Cell drops(double rate) {
        return new Cell(Flow.text(rate), rate > 0 ? BAD : PLAIN);
    }

    private static Cell level(double percent) {
        return new Cell(Double.isNaN(percent) ? "-" : String.format(Locale.ROOT, "%.0f%%", percent), percent >= 50 ? BAD : PLAIN);
    }

    private static String age(long millis) {
        return millis < 60_000 ? millis / 1000 + "s" : millis < 3_600_000 ? millis / 60_000 + "min" : millis / 3_600_000 + "h";
    }
}
