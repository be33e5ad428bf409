package io.accel.core.efvi;

/**
 * The native calls of the efvi backend, in a library of their own which {@link EfviLibrary} loads; results are values or negated errno. A
 * side's calls are for its owner thread only. On the burst paths are {@link #poll} and {@link #submit}.
 */
final class EfviNative {
    private EfviNative() {
    }

    /** Fills in the int values that {@link Layout} reads, in its order. */
    static native void layout(long out);

    /** The layout of the records that {@link #poll} writes, for a test. */
    static native void recordLayout(long out);

    /** As libciul names its release. */
    static native String version();

    /** Whether the headers that the library was built with are of libciul's release, as far as can be told. */
    static native boolean matchesHeaders();

    /**
     * Opens driver, protection domain, memory and the VIs.
     *
     * @param interfaceName  or {@code N@cluster}
     * @param receiveBuffers for each receive VI; the first ones of the memory
     * @param sendBuffers    those behind them
     * @param vis            how many receive; more than one are a set, or one where there is no set
     * @param refill         how many receive descriptors are posted at once
     * @param givenBack      how many may be given back by one call
     * @param domainFlags    {@code ef_pd_flags}
     * @param flags          {@link Layout#OPEN_CTPIO} and others
     * @param step           address of an int that says where a failure was
     * @return a handle, or negated errno
     */
    static native long open(String interfaceName, int receiveBuffers, int sendBuffers, int vis, int ring, int refill, int givenBack,
                            int domainFlags, int flags, long step);

    /**
     * @param side number of the receive side that it is about
     * @param out  room for {@link Layout#FACTS_BYTES}
     */
    static native void facts(long handle, int side, long out);

    /** @param keepBuffers whether the packet buffers stay mapped, the caller's to unmap; the NIC does not write there any more */
    static native void close(long handle, boolean keepBuffers);

    /** What the protection domain has, as lines {@code name=value} in libciul's words. */
    static native String capabilities(long handle);

    /** What the NIC counts for the receive VIs together, as lines {@code name=value}, or null where it does not tell (EFCT). */
    static native String statistics(long handle);

    /** @param request a {@code struct filter_request}; the cookie is written into it. One thread at a time with all receive sides. */
    static native int filterAdd(long handle, long request);

    static native int filterRemove(long handle, int id, int type);

    /**
     * Gives buffers back, posts what is free, polls and writes event records.
     *
     * @param records   address of the first record
     * @param givenBack how many of the shared array are given back
     * @return records written
     */
    static native int poll(long receive, long records, int limit, int givenBack);

    /** Arms the wake-up of {@link #wakeFd}: 1 when something is there already, else 0. */
    static native int prime(long receive, int givenBack);

    static native int wakeFd(long receive);

    /**
     * Hands over frames and rings the doorbell once, then takes in what has been sent.
     *
     * @param count claims in the shared array
     * @return in the lower half 0 or negated errno; in the upper half buffers that have been sent
     */
    static native long submit(long transmit, int count);

    /** Takes in what has been sent: how many buffers. */
    static native int reap(long transmit);
}
