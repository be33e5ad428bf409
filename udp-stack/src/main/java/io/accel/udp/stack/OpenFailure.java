package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.route.NetworkDevice;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Why an interface is not open, and when to try again: every second where the cause goes away by itself, else after pauses that double,
 * since an attempt loads programs and locks memory. A device that has changed is tried at once.
 *
 * @param device   what it was at the attempt, or null
 * @param attempts how many failed for this reason with this device
 * @param ticks    seconds until the next
 */
record OpenFailure(Reason reason, NetworkDevice device, int attempts, int ticks) {
    private static final Set<Reason> LASTING = EnumSet.of(Reason.NO_PRIVILEGE, Reason.MEMLOCK, Reason.NO_DRIVER, Reason.NO_NATIVE_LIBRARY,
        Reason.DATAPATH_FAILED);
    private static final int MAX_PAUSE_TICKS = 64;

    /** After one more failed attempt. @param before the failure before it, or null */
    static OpenFailure next(OpenFailure before, Reason reason, NetworkDevice device) {
        final boolean again = before != null && before.reason == reason && Objects.equals(before.device, device);
        final int attempts = again ? before.attempts + 1 : 1;
        final int pause = LASTING.contains(reason) ? Math.min(1 << Math.min(attempts - 1, 30), MAX_PAUSE_TICKS) : 1;
        return new OpenFailure(reason, device, attempts, pause);
    }

    /** One second later. */
    OpenFailure ticked() {
        return new OpenFailure(reason, device, attempts, ticks - 1);
    }

    /** Whether an attempt is worth its cost now. */
    boolean isDue(NetworkDevice now) {
        return ticks <= 0 || !LASTING.contains(reason) || !Objects.equals(device, now);
    }
}
