package io.accel.core.afxdp;

import io.accel.core.natives.Natives;

/** The native calls of the afxdp backend; results are values or negated errno. Only the kicks are on a burst path. */
final class AfXdpNative {
    static {
        Natives.register(AfXdpNative.class, "afxdp");
    }

    private AfXdpNative() {
    }

    /** Fills in the int values that {@link Layout} reads, in its order. */
    static native void layout(long out);

    /** @param facts room for {@link Layout#FACTS_BYTES} */
    static native int interfaceFacts(String name, long facts);

    /** Loads the XDP program and its maps: a handle, or negated errno. */
    static native long steeringLoad();

    /** @param flags {@link Layout#ATTACH_GENERIC} or {@link Layout#ATTACH_NATIVE} */
    static native int steeringAttach(long steering, int interfaceIndex, int flags);

    /**
     * @param mac        the interface's address in the low 48 bits, first byte on the wire highest
     * @param frameLimit the longest frame in bytes which may be stolen
     */
    static native void steeringConfigure(long steering, long mac, int frameLimit);

    /** Gives the stolen datagrams of a receive queue to a socket. */
    static native int steeringQueue(long steering, int queue, int socket);

    /** Installs or removes a filter, one thread at a time: EEXIST when it is there, ENOENT when not, E2BIG when the table is full. */
    static native int steeringFilter(long steering, boolean install, int protocol, long localHigh, long localLow, int localPort,
                                     boolean full, long remoteHigh, long remoteLow, int remotePort);

    /** Detaches and frees. */
    static native void steeringClose(long steering);

    /**
     * Opens a socket, maps its rings and binds it to a receive queue.
     *
     * @param umemSocket descriptor of the socket whose memory this one shares, or -1: register {@code umem}
     * @param txSize     descriptors, or 0: no send ring
     * @param out        room for {@link Layout#XSK_BYTES}: a {@code struct xsk}; after a failure its step tells where
     */
    static native int socketOpen(int interfaceIndex, int queue, int umemSocket, int bindFlags, long umem, long umemBytes,
                                 int frameBytes, int rxSize, int txSize, int completionSize, long out);

    static native void socketClose(long xsk);

    /** 1 zero-copy, 0 copy. */
    static native int isZeroCopy(int fd);

    /** XDP_STATISTICS as longs: rx dropped, rx ring full, fill ring empty, rx invalid, tx invalid. */
    static native int statistics(int fd, long out);

    /** RLIMIT_MEMLOCK in bytes; {@link Long#MAX_VALUE}: unlimited. */
    static native long memoryLockLimit();

    /**
     * Makes the kernel send until the ring is empty or stands still. Any thread.
     *
     * @param counters address of two longs: kicks, and frames that the device dropped; this adds to them
     * @return 0, or -ENETDOWN, -ENXIO and whatever else trying again will not mend
     */
    static native int kickTx(long xsk, long counters);

    /** @param sockets address of {@code count} int descriptors, whose drivers look at their fill rings again */
    static native int kickRx(long sockets, int count);
}
