package io.accel.udp.route;

/** Bits of what {@link NetworkEvents#drain()} saw; route.h has the same. */
public final class NetworkChange {
    public static final int ROUTE = 1;
    public static final int RULE = 2;
    public static final int ADDRESS = 4;
    public static final int LINK = 8;
    /** A neighbour came, went, got another MAC, or became usable or unusable. */
    public static final int NEIGHBOUR = 16;
    public static final int NEXTHOP = 32;
    /** Events were lost: anything may have changed. */
    public static final int OVERRUN = 64;
    /** A neighbour only changed between usable states of the same MAC, as confirmations make it do. */
    public static final int NEIGHBOUR_STATE = 128;

    private NetworkChange() {
    }
}
