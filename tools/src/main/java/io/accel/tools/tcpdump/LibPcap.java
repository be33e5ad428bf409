package io.accel.tools.tcpdump;

/** libpcap's compiler of filter expressions and its interpreter, one to one. One thread at a time. */
final class LibPcap {
    private LibPcap() {
    }

    /** Finds libpcap on this host; false: it is not installed, and nothing else may be called. */
    static native boolean load();

    /**
     * Compiles an expression.
     *
     * @param linkType a DLT of pcap/dlt.h
     * @param error    address of memory for why not, of so many bytes
     * @return a program, to be released, or 0
     */
    static native long compile(int linkType, int snap, String expression, long error, int errorBytes);

    /** Whether a packet of {@code length} bytes, of which {@code captured} are at an address, is wanted. */
    static native boolean matches(long program, long packet, int captured, int length);

    static native void release(long program);
}
