package io.accel.tools.top;

import java.util.Comparator;

/** What channels and processes are sorted by; rates and levels from the most down, what is not known last. */
enum SortKey {
    /** Both directions. */
    RATE(Comparator.comparingDouble((ChannelRow row) -> descending(row.flow().both())),
        Comparator.comparingDouble((ProcessRow row) -> descending(row.flow().both()))),
    /** Datagrams received. */
    IN(Comparator.comparingDouble((ChannelRow row) -> descending(row.flow().in())),
        Comparator.comparingDouble((ProcessRow row) -> descending(row.flow().in()))),
    /** Datagrams sent. */
    OUT(Comparator.comparingDouble((ChannelRow row) -> descending(row.flow().out())),
        Comparator.comparingDouble((ProcessRow row) -> descending(row.flow().out()))),
    /** Datagrams dropped, and lost. */
    DROPS(Comparator.comparingDouble((ChannelRow row) -> descending(row.flow().missing())),
        Comparator.comparingDouble((ProcessRow row) -> descending(row.flow().missing()))),
    /** How full the queue is; processes have none. */
    QUEUE(Comparator.comparingDouble((ChannelRow row) -> descending(row.level())), Comparator.comparingInt((ProcessRow row) -> 0)),
    /** The channel's addresses; the process's command. */
    NAME(Comparator.comparing((ChannelRow row) -> row.socket().name()), Comparator.comparing((ProcessRow row) -> row.state().command())),
    /** Process id. */
    PID(Comparator.comparingLong(ChannelRow::pid), Comparator.comparingLong((ProcessRow row) -> row.state().pid()));

    private final Comparator<ChannelRow> channels;
    private final Comparator<ProcessRow> processes;

    /** Rows that are equal keep to one order, so that they do not jump about. */
    SortKey(Comparator<ChannelRow> channels, Comparator<ProcessRow> processes) {
        this.channels = channels.thenComparingLong(ChannelRow::pid).thenComparing(row -> row.socket().name());
        this.processes = processes.thenComparing(row -> !row.state().isHeardOf()).thenComparingLong(row -> row.state().pid());
    }

    Comparator<ChannelRow> channels() {
        return channels;
    }

    Comparator<ProcessRow> processes() {
        return processes;
    }

    /** The one that follows in the order of their declaration; the first after the last. */
    SortKey next() {
        return values()[(ordinal() + 1) % values().length];
    }

    private static double descending(double value) {
        return Double.isNaN(value) ? Double.POSITIVE_INFINITY : -value;
    }
}
