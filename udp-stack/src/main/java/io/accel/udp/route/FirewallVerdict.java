package io.accel.udp.route;

/**
 * Whether rules of the host may apply to UDP over one version of IP on a device.
 *
 * @param what the rule, or for UNKNOWN what could not be read and why; "" when clear
 */
public record FirewallVerdict(State state, String what) {
    /** What is known of the rules. */
    public enum State {
        CLEAR, MAY_MATCH,
        /** Some rules may not be read by this process (CAP_NET_ADMIN), and the others are clear. */
        UNKNOWN
    }

    static final FirewallVerdict CLEAR = new FirewallVerdict(State.CLEAR, "");

    /** True only when there is such a rule: what nobody may read blocks nobody. */
    public boolean mayMatch() {
        return state == State.MAY_MATCH;
    }
}
