package io.accel.tools.top;

import org.jline.keymap.KeyMap;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** What a key does. */
enum Action {
    QUIT, PAUSE, BY_RATE, BY_IN, BY_OUT, BY_DROPS, BY_QUEUE, BY_NAME, BY_PID, BY_NEXT, REVERSE, FILTER, EVERYTHING, INTERFACES, UP, DOWN,
    PAGE_UP, PAGE_DOWN, REDRAW, NONE;

    /** In one line of 80 columns; what matters most comes first, for narrower terminals. */
    static final String KEYS = "q quit  space pause  / filter  s sort (r i o d u n p)  R reverse  v interfaces";
    private static final long ESCAPE_MILLIS = 100;

    static KeyMap<Action> keys(Terminal terminal) {
        final KeyMap<Action> keys = new KeyMap<>();
        keys.setAmbiguousTimeout(ESCAPE_MILLIS);
        keys.setNomatch(NONE);
        keys.setUnicode(NONE);
        keys.bind(QUIT, "q", "Q", KeyMap.ctrl('D'));
        keys.bind(PAUSE, " ");
        keys.bind(BY_RATE, "r");
        keys.bind(BY_IN, "i");
        keys.bind(BY_OUT, "o");
        keys.bind(BY_DROPS, "d");
        keys.bind(BY_QUEUE, "u");
        keys.bind(BY_NAME, "n");
        keys.bind(BY_PID, "p");
        keys.bind(BY_NEXT, "s");
        keys.bind(REVERSE, "R");
        keys.bind(FILTER, "/");
        keys.bind(EVERYTHING, KeyMap.esc());
        keys.bind(INTERFACES, "v");
        keys.bind(REDRAW, KeyMap.ctrl('L'));
        bind(keys, UP, KeyMap.key(terminal, Capability.key_up), "k", "\033[A", "\033OA");
        bind(keys, DOWN, KeyMap.key(terminal, Capability.key_down), "j", "\033[B", "\033OB");
        bind(keys, PAGE_UP, KeyMap.key(terminal, Capability.key_ppage), "\033[5~");
        bind(keys, PAGE_DOWN, KeyMap.key(terminal, Capability.key_npage), "\033[6~");
        return keys;
    }

    /** Terminals without a key have none to bind. */
    private static void bind(KeyMap<Action> keys, Action action, String... sequences) {
        for (final String each : sequences) {
            if (each != null) {
                keys.bind(action, each);
            }
        }
    }
}
