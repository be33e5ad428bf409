package io.accel.udp.wire;

/** The UDP header (RFC 768). */
public final class UdpHeader {
    public static final int BYTES = 8;
    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int LENGTH_OFFSET = 4;
    public static final int CHECKSUM_OFFSET = 6;

    private UdpHeader() {
    }

    public static int sourcePort(long header) {
        return NetworkOrder.getU16(header + SOURCE_PORT_OFFSET);
    }

    public static int destinationPort(long header) {
        return NetworkOrder.getU16(header + DESTINATION_PORT_OFFSET);
    }

    /** Bytes, header included. */
    public static int length(long header) {
        return NetworkOrder.getU16(header + LENGTH_OFFSET);
    }

    /** 0: none. */
    public static int checksum(long header) {
        return NetworkOrder.getU16(header + CHECKSUM_OFFSET);
    }
}
