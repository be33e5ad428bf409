package io.accel.udp.state;

import io.accel.core.Reason;
import java.util.List;

/**
 * What would become of a socket or of what it sends.
 *
 * @param question what was asked, as {@code udp 10.0.0.1:0 -> 10.0.0.2:9000}
 * @param steps    the decisions, in order
 * @param via      what carries it on the fast path: interfaces, {@code lo} for shared memory; empty: the kernel alone
 * @param reason   why the kernel; null: the fast path
 * @param refusal  what the kernel would refuse, in words; null: nothing
 */
public record DryVerdict(String question, List<DryStep> steps, List<String> via, Reason reason, String refusal) {
    public boolean isFast() {
        return reason == null && refusal == null;
    }
}
