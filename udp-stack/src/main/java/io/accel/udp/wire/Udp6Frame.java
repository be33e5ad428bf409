package io.accel.udp.wire;

import io.accel.core.vi.ChecksumStatus;

/**
 * A received Ethernet frame with a UDP datagram over IPv6, without VLAN tag or extension headers. After {@link #check} has said 0, the
 * other methods stay within the frame and the payload does too.
 */
public final class Udp6Frame {
    /** Where the IPv6 header starts. */
    public static final int IP_OFFSET = EthernetHeader.BYTES;
    /** Where the UDP header starts. */
    public static final int UDP_OFFSET = IP_OFFSET + Ipv6Header.BYTES;
    /** Where the payload starts: the bytes of all headers. */
    public static final int PAYLOAD_OFFSET = UDP_OFFSET + UdpHeader.BYTES;
    /** The longest payload that IPv6 can carry without the jumbo option. */
    public static final int MAX_PAYLOAD = 0xFFFF - UdpHeader.BYTES;

    private Udp6Frame() {
    }

    /** Whether the Ethernet type is IPv6; false for a frame that is too short to have one. */
    public static boolean isIpv6(long frame, int length) {
        return length >= IP_OFFSET && EthernetHeader.type(frame) == EthernetHeader.TYPE_IPV6;
    }

    /**
     * Checks a frame that {@link #isIpv6} once, from the outside in. What it reads lies within {@code [frame, frame + length)} whatever the
     * bytes are. Ethernet padding, and bytes after UDP's length within IP's, are allowed and no part of the payload.
     *
     * @param length         bytes of the frame, without FCS
     * @param checksumStatus one of {@link ChecksumStatus}; VERIFIED sums nothing
     * @return the code of a {@link FrameError}, 0 for a good frame
     */
    public static int check(long frame, int length, byte checksumStatus) {
        if (length < UDP_OFFSET) {
            return FrameError.TRUNCATED.ordinal();
        }
        final long ip = frame + IP_OFFSET;
        if (Ipv6Header.version(ip) != 6) {
            return FrameError.BAD_IP_HEADER.ordinal();
        }
        final int payloadLength = Ipv6Header.payloadLength(ip);
        if (payloadLength > length - UDP_OFFSET) {
            return FrameError.TRUNCATED.ordinal();
        }
        final int next = Ipv6Header.nextHeader(ip);
        if (next != Ipv6Header.NEXT_UDP) {
            return (next == Ipv6Header.NEXT_FRAGMENT ? FrameError.FRAGMENT
                : Ipv6Header.isExtension(next) ? FrameError.EXTENSION_HEADER : FrameError.NOT_UDP).ordinal();
        }
        if (Ipv6Header.isMartianSource(Ipv6Header.sourceHigh(ip), Ipv6Header.sourceLow(ip))) {
            return FrameError.MARTIAN_SOURCE.ordinal();
        }
        if (Ipv6Header.isMartianDestination(Ipv6Header.destinationHigh(ip), Ipv6Header.destinationLow(ip))) {
            return FrameError.MARTIAN_DESTINATION.ordinal();
        }
        return checkUdp(ip, payloadLength, checksumStatus);
    }

    private static int checkUdp(long ip, int ipPayload, byte checksumStatus) {
        if (ipPayload < UdpHeader.BYTES) {
            return FrameError.BAD_LENGTH.ordinal();
        }
        final long udp = ip + Ipv6Header.BYTES;
        final int udpLength = UdpHeader.length(udp);
        if (udpLength < UdpHeader.BYTES || udpLength > ipPayload) {
            return FrameError.BAD_LENGTH.ordinal();
        }
        // Hardware that verified the sum may have taken 0 for none, as over IPv4; RFC 8200 §8.1 has such datagrams discarded.
        if (UdpHeader.checksum(udp) == 0) {
            return FrameError.NO_UDP_CHECKSUM.ordinal();
        }
        if (checksumStatus != ChecksumStatus.VERIFIED && !Checksum.isUdpRight(udp, udpLength, Checksum.pseudoIpv6(ip, udpLength),
            checksumStatus == ChecksumStatus.PARTIAL)) {
            return FrameError.BAD_UDP_CHECKSUM.ordinal();
        }
        return 0;
    }

    public static long sourceHigh(long frame) {
        return Ipv6Header.sourceHigh(frame + IP_OFFSET);
    }

    public static long sourceLow(long frame) {
        return Ipv6Header.sourceLow(frame + IP_OFFSET);
    }

    public static long destinationHigh(long frame) {
        return Ipv6Header.destinationHigh(frame + IP_OFFSET);
    }

    public static long destinationLow(long frame) {
        return Ipv6Header.destinationLow(frame + IP_OFFSET);
    }

    public static int sourcePort(long frame) {
        return UdpHeader.sourcePort(frame + UDP_OFFSET);
    }

    public static int destinationPort(long frame) {
        return UdpHeader.destinationPort(frame + UDP_OFFSET);
    }

    public static long payload(long frame) {
        return frame + PAYLOAD_OFFSET;
    }

    /** Bytes of the payload, from UDP's own length. */
    public static int payloadLength(long frame) {
        return UdpHeader.length(frame + UDP_OFFSET) - UdpHeader.BYTES;
    }
}
