package io.accel.core.efvi;

import io.accel.core.memory.Memory;

/** What the simulated NIC did with each frame, by chance (native/efvi/sim/random.h). Natives of the simulator's library. */
final class Ledger {
    static final int CAUSES = 8;
    static final int TX_CAUSES = 4;

    final long frames;
    final long good;
    final long[] discards = new long[CAUSES];
    final long truncated;
    final long noDescriptors;
    final long fatal;
    final long untold;
    final long softwareEvents;
    final long otherEvents;
    final long taken;
    final long sent;
    final long[] errors = new long[TX_CAUSES];
    final long completed;
    final long stamped;
    final long failed;
    final long unsent;
    final long fallbacks;
    final long refusedSteps;
    final long held;
    final long corrupt;

    private Ledger(long at) {
        int i = 0;
        frames = field(at, i++);
        good = field(at, i++);
        for (int c = 0; c < CAUSES; c++) {
            discards[c] = field(at, i++);
        }
        truncated = field(at, i++);
        noDescriptors = field(at, i++);
        fatal = field(at, i++);
        untold = field(at, i++);
        softwareEvents = field(at, i++);
        otherEvents = field(at, i++);
        taken = field(at, i++);
        sent = field(at, i++);
        for (int c = 0; c < TX_CAUSES; c++) {
            errors[c] = field(at, i++);
        }
        completed = field(at, i++);
        stamped = field(at, i++);
        failed = field(at, i++);
        unsent = field(at, i++);
        fallbacks = field(at, i++);
        refusedSteps = field(at, i++);
        held = field(at, i++);
        corrupt = field(at, i);
    }

    static Ledger now() {
        final long at = Memory.allocateAligned(512, Long.BYTES);
        try {
            read(at);
            return new Ledger(at);
        } finally {
            Memory.freeAligned(at);
        }
    }

    private static long field(long at, int index) {
        return Memory.getLong(at + ((long) index << 3));
    }

    private static native void read(long out);

    /** Nothing comes in and nothing goes wrong while paused. */
    static native void pause(boolean value);
}
