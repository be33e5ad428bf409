package io.accel.tools.top;

import java.io.IOException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.Signals;

/**
 * The page on a terminal, drawn anew with each look and each key. Whatever ends it, the terminal is left as it was found. One thread;
 * signals only leave word for it.
 */
final class LiveView {
    /** What a shell tells of a program that a signal ended. */
    private static final int BY_SIGNAL = 128;
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    /** How late a signal may be seen. */
    private static final long STEP_MILLIS = 100;
    private static final int RUNNING = -1;

    private final Terminal terminal;
    private final Looks looks;
    private final long delayNanos;
    private final boolean plain;
    private final Display display;
    private final BindingReader reader;
    private final KeyMap<Action> keys;

    private volatile int status = RUNNING;
    private volatile boolean resized = true;
    private Selection selection;
    /** What is being typed after a slash; null: nothing is. */
    private StringBuilder typed;
    private boolean paused;
    private boolean withInterfaces;
    private int scrolled;
    private Size size;
    private LocalTime time = LocalTime.now();
    private List<ProcessRow> rows = List.of();

    /** @param plain without any style */
    LiveView(Terminal terminal, Looks looks, Selection selection, int delaySeconds, boolean plain) {
        this.terminal = terminal;
        this.looks = looks;
        this.selection = selection;
        this.plain = plain;
        delayNanos = TimeUnit.SECONDS.toNanos(delaySeconds);
        display = new Display(terminal, true);
        reader = new BindingReader(terminal.reader());
        keys = Action.keys(terminal);
    }

    /** Until the user has enough. @return the exit status */
    int run() throws IOException {
        rows = looks.look();
        final Attributes before = terminal.enterRawMode();
        final SignalHandler resize = terminal.handle(Signal.WINCH, signal -> resized = true);
        final SignalHandler interrupt = terminal.handle(Signal.INT, signal -> status = BY_SIGNAL + SIGINT);
        // A terminal in raw mode would be left to the shell.
        final SignalHandler suspend = terminal.handle(Signal.TSTP, SignalHandler.SIG_IGN);
        final Object terminated = Signals.register("TERM", () -> status = BY_SIGNAL + SIGTERM);
        final Object hungUp = Signals.register("HUP", () -> status = BY_SIGNAL + SIGHUP);
        try {
            show(Capability.enter_ca_mode, Capability.keypad_xmit, Capability.cursor_invisible);
            loop();
        } finally {
            show(Capability.cursor_normal, Capability.keypad_local, Capability.exit_ca_mode);
            terminal.setAttributes(before);
            terminal.handle(Signal.WINCH, resize);
            terminal.handle(Signal.INT, interrupt);
            terminal.handle(Signal.TSTP, suspend);
            Signals.unregister("TERM", terminated);
            Signals.unregister("HUP", hungUp);
        }
        return status;
    }

    private void show(Capability... capabilities) {
        for (final Capability each : capabilities) {
            terminal.puts(each);
        }
        terminal.flush();
    }

    private void loop() throws IOException {
        long looked = System.nanoTime();
        boolean changed = true;
        while (status == RUNNING) {
            if (!paused && System.nanoTime() - looked >= delayNanos) {
                looked = System.nanoTime();
                time = LocalTime.now();
                rows = looks.look();
                changed = true;
            }
            if (resized) {
                resized = false;
                size = terminal.getSize();
                display.clear();
                changed = true;
            }
            if (changed) {
                draw();
            }
            final int next = reader.peekCharacter(STEP_MILLIS);
            changed = next != NonBlockingReader.READ_EXPIRED;
            if (next == NonBlockingReader.EOF) {
                status = 0;
            } else if (changed && typed != null) {
                type((char) reader.readCharacter());
            } else if (changed) {
                act(reader.readBinding(keys));
            }
        }
    }

    private void type(char c) {
        if (c == '\r' || c == '\n') {
            typed = null;
        } else if (c == '\033') {
            typed = null;
            selection = selection.filteredBy("");
        } else {
            if (c == '\b' || c == 0x7F) {
                typed.setLength(Math.max(0, typed.length() - 1));
            } else if (c >= ' ') {
                typed.append(c);
            }
            selection = selection.filteredBy(typed.toString());
        }
        scrolled = 0;
    }

    private void act(Action action) {
        switch (action == null ? Action.QUIT : action) {
            case QUIT -> status = 0;
            case PAUSE -> paused = !paused;
            case BY_RATE -> selection = selection.by(SortKey.RATE);
            case BY_IN -> selection = selection.by(SortKey.IN);
            case BY_OUT -> selection = selection.by(SortKey.OUT);
            case BY_DROPS -> selection = selection.by(SortKey.DROPS);
            case BY_QUEUE -> selection = selection.by(SortKey.QUEUE);
            case BY_NAME -> selection = selection.by(SortKey.NAME);
            case BY_PID -> selection = selection.by(SortKey.PID);
            case BY_NEXT -> selection = selection.by(selection.key().next());
            case REVERSE -> selection = selection.backwards();
            case FILTER -> typed = new StringBuilder(selection.filter());
            case EVERYTHING -> selection = selection.filteredBy("");
            case INTERFACES -> withInterfaces = !withInterfaces;
            case UP -> scrolled--;
            case DOWN -> scrolled++;
            case PAGE_UP -> scrolled -= size.getRows() / 2;
            case PAGE_DOWN -> scrolled += size.getRows() / 2;
            case REDRAW -> display.clear();
            case NONE -> { }
        }
    }

    private void draw() {
        final int width = Math.max(1, size.getColumns());
        final int height = Math.max(1, size.getRows());
        display.resize(height, width);
        final List<AttributedString> lines = lines(width, height);
        if (plain) {
            lines.replaceAll(line -> new AttributedString(line.toString()));
        }
        // It may change the list.
        display.update(lines, -1);
    }

    /** As many as the terminal has, the keys in the last. */
    private List<AttributedString> lines(int width, int height) {
        final Page page = new Page(rows, selection, time);
        final List<AttributedString> lines = new ArrayList<>(page.summary(note(), width));
        append(lines, page.processes(width), Math.max(3, height / 4), 0);
        if (withInterfaces) {
            append(lines, page.interfaces(width), Math.max(3, height / 4), 0);
        }
        final List<AttributedString> channels = page.channels(width);
        final int room = Math.max(2, height - lines.size() - 2);
        scrolled = Math.max(0, Math.min(scrolled, channels.size() - room));
        append(lines, channels, room, scrolled);
        while (lines.size() < height - 1) {
            lines.add(AttributedString.EMPTY);
        }
        final String last = typed != null ? "filter: " + typed + "_   Enter keeps it, Esc shows everything" : Action.KEYS;
        final List<AttributedString> visible = new ArrayList<>(lines.subList(0, height - 1));
        visible.add(new AttributedString(last, AttributedStyle.INVERSE).columnSubSequence(0, width));
        return visible;
    }

    private String note() {
        return looks.complaints().isEmpty() ? paused ? "PAUSED" : "" : looks.complaints().get(0);
    }

    /** Behind an empty line, the heads and as many rows as there is room for. */
    private static void append(List<AttributedString> lines, List<AttributedString> table, int room, int from) {
        lines.add(AttributedString.EMPTY);
        lines.add(table.get(0));
        lines.addAll(table.subList(Math.min(1 + from, table.size()), Math.min(table.size(), from + room)));
    }
}
