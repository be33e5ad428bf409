package io.accel.udp.wire;

import io.accel.core.vi.ChecksumStatus;

/**
 * A received Ethernet frame with a UDP datagram over IPv4, without VLAN tag or IP options. After {@link #check} has said 0, the other
 * methods stay within the frame and the payload does too.
 */
public final class UdpFrame {
    /** Where the IPv4 header starts. */
    public static final int IP_OFFSET = EthernetHeader.BYTES;
    /** Where the UDP header starts. */
    public static final int UDP_OFFSET = IP_OFFSET + Ipv4Header.BYTES;
    /** Where the payload starts: the bytes of all headers. */
    public static final int PAYLOAD_OFFSET = UDP_OFFSET + UdpHeader.BYTES;
    /** The longest payload that IPv4 can carry. */
    public static final int MAX_PAYLOAD = 0xFFFF - Ipv4Header.BYTES - UdpHeader.BYTES;

    private static final int NO_OPTIONS = Ipv4Header.VERSION_AND_LENGTH;

    private UdpFrame() {
    }

    /**
     * Checks a frame once, from the outside in. What it reads lies within {@code [frame, frame + length)} whatever the bytes are.
     * Ethernet padding, and bytes after UDP's length within IP's, are allowed and no part of the payload.
     *
     * @param length         bytes of the frame, without FCS
     * @param checksumStatus one of {@link ChecksumStatus}; VERIFIED sums nothing
     * @return the code of a {@link FrameError}, 0 for a good frame
     */
    public static int check(long frame, int length, byte checksumStatus) {
        if (length < IP_OFFSET) {
            return FrameError.TRUNCATED.ordinal();
        }
        if (EthernetHeader.type(frame) != EthernetHeader.TYPE_IPV4) {
            return FrameError.NOT_IP.ordinal();
        }
        if (length < UDP_OFFSET) {
            return FrameError.TRUNCATED.ordinal();
        }
        final long ip = frame + IP_OFFSET;
        final int headerLength = Ipv4Header.headerLength(ip);
        final int totalLength = Ipv4Header.totalLength(ip);
        if (Ipv4Header.version(ip) != 4 || headerLength < Ipv4Header.BYTES || totalLength < headerLength) {
            return FrameError.BAD_IP_HEADER.ordinal();
        }
        if (headerLength != Ipv4Header.BYTES) {
            return FrameError.IP_OPTIONS.ordinal();
        }
        if (checksumStatus != ChecksumStatus.VERIFIED && !Ipv4Header.isChecksumRight(ip)) {
            return FrameError.BAD_IP_CHECKSUM.ordinal();
        }
        if (totalLength > length - IP_OFFSET) {
            return FrameError.TRUNCATED.ordinal();
        }
        if ((Ipv4Header.fragment(ip) & Ipv4Header.FRAGMENT_BITS) != 0) {
            return FrameError.FRAGMENT.ordinal();
        }
        if (Ipv4Header.protocol(ip) != Ipv4Header.PROTOCOL_UDP) {
            return FrameError.NOT_UDP.ordinal();
        }
        if (Ipv4Header.isMartianSource(Ipv4Header.source(ip))) {
            return FrameError.MARTIAN_SOURCE.ordinal();
        }
        return checkUdp(ip, totalLength - Ipv4Header.BYTES, checksumStatus);
    }

    private static int checkUdp(long ip, int ipPayload, byte checksumStatus) {
        if (ipPayload < UdpHeader.BYTES) {
            return FrameError.BAD_LENGTH.ordinal();
        }
        final long udp = ip + Ipv4Header.BYTES;
        final int udpLength = UdpHeader.length(udp);
        if (udpLength < UdpHeader.BYTES || udpLength > ipPayload) {
            return FrameError.BAD_LENGTH.ordinal();
        }
        if (checksumStatus != ChecksumStatus.VERIFIED && !Checksum.isUdpRight(udp, udpLength, Checksum.pseudoIpv4(ip, udpLength),
            checksumStatus == ChecksumStatus.PARTIAL)) {
            return FrameError.BAD_UDP_CHECKSUM.ordinal();
        }
        return 0;
    }

    /** IPv4 address, host order. */
    public static int source(long frame) {
        return Ipv4Header.source(frame + IP_OFFSET);
    }

    /** IPv4 address, host order. */
    public static int destination(long frame) {
        return Ipv4Header.destination(frame + IP_OFFSET);
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
