package io.accel.core.vi;

/** What happens to a packet that a filter matches. */
public enum FilterMode {
    /** This VI alone gets it; the kernel does not see it. */
    STEAL,
    /** Every VI with such a filter gets a copy; the kernel does not see it. */
    REPLICATE,
    /** This VI gets a copy, and all goes on as without it. */
    SNIFF
}
