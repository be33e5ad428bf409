package io.accel.udp.route;

/** How well the kernel knows a neighbour (linux/neighbour.h, NUD_). */
public enum NeighbourState {
    /** No entry. */
    NONE,
    INCOMPLETE, REACHABLE, STALE, DELAY, PROBE, FAILED, NOARP, PERMANENT;

    static NeighbourState ofKernel(int nud) {
        return switch (nud) {
            case 0x01 -> INCOMPLETE;
            case 0x02 -> REACHABLE;
            case 0x04 -> STALE;
            case 0x08 -> DELAY;
            case 0x10 -> PROBE;
            case 0x20 -> FAILED;
            case 0x40 -> NOARP;
            case 0x80 -> PERMANENT;
            default -> NONE;
        };
    }

    /** Whether its MAC may be sent to (the kernel's NUD_VALID). */
    public boolean usable() {
        return this != NONE && this != INCOMPLETE && this != FAILED;
    }
}
