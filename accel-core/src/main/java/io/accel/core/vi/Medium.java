package io.accel.core.vi;

/** What a frame of a VI is. */
public enum Medium {
    /** Ethernet frames without FCS: the stack builds and checks the headers. */
    ETHERNET,
    /** Messages to a peer handle: nothing to parse or sum, delivered whole and in order per peer, or counted as dropped. */
    MESSAGE
}
