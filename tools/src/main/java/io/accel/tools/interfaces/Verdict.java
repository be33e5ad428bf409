package io.accel.tools.interfaces;

import io.accel.core.Reason;

/**
 * Whether a datapath can serve an interface.
 *
 * @param reason why not; null: it can
 * @param words  what runs, or what to do
 */
record Verdict(String datapath, Reason reason, String words) {
    boolean isGood() {
        return reason == null;
    }
}
