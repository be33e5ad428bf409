package io.accel.udp.wire;

import io.accel.core.memory.Memory;

/** The IPv6 header (RFC 8200 §3). An address is two longs, the first eight bytes and the last, each with its first byte highest. */
public final class Ipv6Header {
    /** Without extension headers, which are no part of it. */
    public static final int BYTES = 40;
    public static final int PAYLOAD_LENGTH_OFFSET = 4;
    public static final int NEXT_HEADER_OFFSET = 6;
    public static final int HOP_LIMIT_OFFSET = 7;
    public static final int SOURCE_OFFSET = 8;
    public static final int DESTINATION_OFFSET = 24;

    public static final int NEXT_UDP = Ipv4Header.PROTOCOL_UDP;
    public static final int NEXT_FRAGMENT = 44;
    /** The low half of an IPv4-mapped address (RFC 4291 §2.5.5.2), whose high half is 0, starts with this. */
    public static final long MAPPED = 0xFFFF_0000_0000L;

    private static final int FLOW_LABEL = 0xFFFFF;
    private static final long LOOPBACK = 1;

    private Ipv6Header() {
    }

    public static int version(long header) {
        return Memory.getByte(header) >>> 4 & 0xF;
    }

    /** DSCP and ECN. */
    public static int trafficClass(long header) {
        return NetworkOrder.getU16(header) >>> 4 & 0xFF;
    }

    /** 20 bits (RFC 6437). */
    public static int flowLabel(long header) {
        return NetworkOrder.getInt(header) & FLOW_LABEL;
    }

    /** Writes the version and the first 32 bits' two other fields. */
    public static void first(long header, int trafficClass, int flowLabel) {
        NetworkOrder.putInt(header, 6 << 28 | (trafficClass & 0xFF) << 20 | flowLabel & FLOW_LABEL);
    }

    /** Bytes, without this header. */
    public static int payloadLength(long header) {
        return NetworkOrder.getU16(header + PAYLOAD_LENGTH_OFFSET);
    }

    public static int nextHeader(long header) {
        return Memory.getByte(header + NEXT_HEADER_OFFSET) & 0xFF;
    }

    public static int hopLimit(long header) {
        return Memory.getByte(header + HOP_LIMIT_OFFSET) & 0xFF;
    }

    public static long sourceHigh(long header) {
        return NetworkOrder.getLong(header + SOURCE_OFFSET);
    }

    public static long sourceLow(long header) {
        return NetworkOrder.getLong(header + SOURCE_OFFSET + Long.BYTES);
    }

    public static long destinationHigh(long header) {
        return NetworkOrder.getLong(header + DESTINATION_OFFSET);
    }

    public static long destinationLow(long header) {
        return NetworkOrder.getLong(header + DESTINATION_OFFSET + Long.BYTES);
    }

    /** Whether a next-header value is one of the extension headers that IANA lists: the kernel's business. */
    public static boolean isExtension(int nextHeader) {
        return switch (nextHeader) {
            case 0, 43, 50, 51, 60, 135, 139, 140 -> true;
            default -> nextHeader == NEXT_FRAGMENT;
        };
    }

    /**
     * Whether no datagram from another host may have this source, as Linux decides in {@code ip6_rcv_core} (net/ipv6/ip6_input.c): a
     * group, the loopback address or an IPv4-mapped one. The unspecified address is refused as well, since nobody could answer it; frames
     * that have it are left to the kernel before they come here.
     */
    public static boolean isMartianSource(long high, long low) {
        return high >>> 56 == 0xFF || high == 0 && (low >>> 1 == 0 || isMapped(low));
    }

    /** Whether no datagram on the wire may have this destination: the loopback, an IPv4-mapped or the unspecified address. */
    public static boolean isMartianDestination(long high, long low) {
        return high == 0 && (low == LOOPBACK || low == 0 || isMapped(low));
    }

    private static boolean isMapped(long low) {
        return low >>> 32 == MAPPED >>> 32;
    }
}
