package io.accel.udp.wait;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** The sleepers of this process that have a purpose, for who asks which threads wait for what. Holds none that nobody else holds. */
public final class Attendance {
    private static final Set<Sleeper> SLEEPERS = Collections.newSetFromMap(new WeakHashMap<>());

    private Attendance() {
    }

    static void enter(Sleeper sleeper) {
        synchronized (SLEEPERS) {
            SLEEPERS.add(sleeper);
        }
    }

    static void leave(Sleeper sleeper) {
        synchronized (SLEEPERS) {
            SLEEPERS.remove(sleeper);
        }
    }

    /** Those that are open, in no order. */
    public static List<Sleeper> all() {
        synchronized (SLEEPERS) {
            return new ArrayList<>(SLEEPERS);
        }
    }
}
