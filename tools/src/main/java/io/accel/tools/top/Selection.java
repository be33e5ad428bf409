package io.accel.tools.top;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Which rows are shown, in which order.
 *
 * @param filter what a channel's name or path, a process's id or command must hold, in letters of either size; empty: everything
 */
record Selection(SortKey key, boolean reversed, String filter) {
    /** Those that match, or that have a channel that does. */
    List<ProcessRow> processes(List<ProcessRow> all) {
        return all.stream().filter(each -> matches(each) || each.channels().stream().anyMatch(this::matches))
            .sorted(ordered(key.processes())).toList();
    }

    /** Those that match, and all of a process that does. */
    List<ChannelRow> channels(List<ProcessRow> all) {
        return all.stream().flatMap(process -> process.channels().stream().filter(each -> matches(process) || matches(each)))
            .sorted(ordered(key.channels())).toList();
    }

    private <T> Comparator<T> ordered(Comparator<T> order) {
        return reversed ? order.reversed() : order;
    }

    private boolean matches(ProcessRow process) {
        return holds(Long.toString(process.state().pid())) || holds(process.state().command());
    }

    private boolean matches(ChannelRow channel) {
        return holds(channel.socket().name()) || holds(channel.path());
    }

    private boolean holds(String text) {
        return text.toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT));
    }

    Selection by(SortKey other) {
        return new Selection(other, other == key ? reversed : false, filter);
    }

    Selection backwards() {
        return new Selection(key, !reversed, filter);
    }

    Selection filteredBy(String text) {
        return new Selection(key, reversed, text);
    }
}
