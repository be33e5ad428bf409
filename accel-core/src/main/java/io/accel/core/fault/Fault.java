package io.accel.core.fault;

/** What a {@link FaultyVirtualInterface} does to frames. */
public enum Fault {
    LOSS,
    CORRUPT,
    TRUNCATE,
    DUPLICATE,
    REORDER,
    REFUSE
}
