package io.accel.core.vi;

/** What a filter is about: a stream that it describes, or a whole class of the port's traffic, as ef_vi's setters have them. */
public enum FilterScope {
    /** What the filter's fields say. */
    STREAM(false, false),
    /** Every unicast frame, those of the kernel included, which needs ARP and all else from elsewhere then. */
    UNICAST_ALL(false, false),
    /** Every multicast and broadcast frame, the kernel's included. */
    MULTICAST_ALL(true, false),
    /** Unicast frames that neither a filter nor the kernel wants. */
    UNICAST_MISMATCH(false, false),
    /** Multicast frames that neither a filter nor the kernel wants. */
    MULTICAST_MISMATCH(true, false),
    /** A copy of what the port receives. */
    PORT_SNIFF(false, true),
    /** A copy of what the port receives, frames to other hosts included. */
    PORT_SNIFF_PROMISCUOUS(false, true),
    /** A copy of what the port sends. */
    TX_PORT_SNIFF(false, true),
    /** Keeps all from the kernel, and delivers nothing itself. */
    BLOCK_KERNEL(false, false),
    /** Keeps unicast frames from the kernel. */
    BLOCK_KERNEL_UNICAST(false, false),
    /** Keeps multicast frames from the kernel. */
    BLOCK_KERNEL_MULTICAST(false, false);

    private final boolean multicast;
    private final boolean sniffs;

    FilterScope(boolean multicast, boolean sniffs) {
        this.multicast = multicast;
        this.sniffs = sniffs;
    }

    /** Whether it takes multicast frames as a class. */
    public boolean isMulticast() {
        return multicast;
    }

    /** Whether it takes copies and leaves all as it is. */
    public boolean sniffs() {
        return sniffs;
    }
}
