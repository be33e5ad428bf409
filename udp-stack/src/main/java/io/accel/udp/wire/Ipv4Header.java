package io.accel.udp.wire;

import io.accel.core.memory.Memory;

/** The IPv4 header (RFC 791). Addresses are ints whose highest byte is the first on the wire. */
public final class Ipv4Header {
    /** Without options. */
    public static final int BYTES = 20;
    public static final int TOS_OFFSET = 1;
    public static final int TOTAL_LENGTH_OFFSET = 2;
    public static final int ID_OFFSET = 4;
    public static final int FRAGMENT_OFFSET = 6;
    public static final int TTL_OFFSET = 8;
    public static final int PROTOCOL_OFFSET = 9;
    public static final int CHECKSUM_OFFSET = 10;
    public static final int SOURCE_OFFSET = 12;
    public static final int DESTINATION_OFFSET = 16;

    public static final int PROTOCOL_UDP = 17;
    public static final int DONT_FRAGMENT = 0x4000;
    /** More-fragments bit and the offset: 0 in a datagram that is whole. */
    public static final int FRAGMENT_BITS = 0x3FFF;
    /** First byte of a header without options. */
    public static final int VERSION_AND_LENGTH = 0x45;

    private Ipv4Header() {
    }

    public static int version(long header) {
        return Memory.getByte(header) >>> 4 & 0xF;
    }

    /** Bytes, options included: 0 to 60, less than 20 in a broken one. */
    public static int headerLength(long header) {
        return (Memory.getByte(header) & 0xF) << 2;
    }

    /** DSCP and ECN. */
    public static int tos(long header) {
        return Memory.getByte(header + TOS_OFFSET) & 0xFF;
    }

    /** Bytes, header included. */
    public static int totalLength(long header) {
        return NetworkOrder.getU16(header + TOTAL_LENGTH_OFFSET);
    }

    public static int id(long header) {
        return NetworkOrder.getU16(header + ID_OFFSET);
    }

    /** The three flags above the 13 bits of the offset, which counts units of 8 bytes. */
    public static int fragment(long header) {
        return NetworkOrder.getU16(header + FRAGMENT_OFFSET);
    }

    public static int ttl(long header) {
        return Memory.getByte(header + TTL_OFFSET) & 0xFF;
    }

    public static int protocol(long header) {
        return Memory.getByte(header + PROTOCOL_OFFSET) & 0xFF;
    }

    public static int checksum(long header) {
        return NetworkOrder.getU16(header + CHECKSUM_OFFSET);
    }

    public static int source(long header) {
        return NetworkOrder.getInt(header + SOURCE_OFFSET);
    }

    public static int destination(long header) {
        return NetworkOrder.getInt(header + DESTINATION_OFFSET);
    }

    /** Whether the checksum of a header of 20 bytes is right. */
    public static boolean isChecksumRight(long header) {
        return Checksum.isRight(Checksum.sum(header, BYTES));
    }

    /**
     * Whether no datagram from another host may have this source, as Linux decides in {@code ip_route_input_slow} (net/ipv4/route.c):
     * 0.0.0.0, 127.0.0.0/8, 224.0.0.0/4 and 255.255.255.255.
     */
    public static boolean isMartianSource(int address) {
        final int top = address >>> 24;
        return address == 0 || address == -1 || top == 127 || top >>> 4 == 0xE;
    }
}
