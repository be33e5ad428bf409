package io.accel.core.efvi;

/** All the receive sides of a VI at once, for what is of them together: the filters of a set, closing. Always taken in the same order. */
final class SideLocks {
    private final SideLock[] sides;

    SideLocks(SideLock... sides) {
        this.sides = sides;
    }

    void lock() {
        for (final SideLock each : sides) {
            each.lock();
        }
    }

    void unlock() {
        for (final SideLock each : sides) {
            each.unlock();
        }
    }
}
