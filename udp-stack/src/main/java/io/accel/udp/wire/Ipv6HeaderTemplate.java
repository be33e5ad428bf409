package io.accel.udp.wire;

import io.accel.core.memory.Memory;

/**
 * The 62 bytes of Ethernet, IPv6 and UDP header towards one destination, built once and stamped per datagram. Immutable; any thread.
 */
public final class Ipv6HeaderTemplate implements HeaderTemplate {
    /** Bytes that {@link #write} puts before the payload. */
    public static final int BYTES = Udp6Frame.PAYLOAD_OFFSET;

    private static final int IP = Udp6Frame.IP_OFFSET;
    private static final int UDP = Udp6Frame.UDP_OFFSET;
    private static final int LAST = 56;

    // The bytes 0 to 55 as host-order longs, and 56 and 57, the destination port; the rest is always stamped.
    private final long bytes0;
    private final long bytes8;
    private final long bytes16;
    private final long bytes24;
    private final long bytes32;
    private final long bytes40;
    private final long bytes48;
    private final short bytes56;
    private final long udpSum;

    /**
     * @param sourceMac       our interface's MAC address, 48 bits
     * @param destinationMac  the next hop's
     * @param sourceHigh      first eight bytes of the address, the first one highest
     * @param sourceLow       last eight bytes
     * @param destinationHigh as the source's
     * @param destinationLow  as the source's
     * @param hopLimit        1 to 255
     * @param trafficClass    DSCP and ECN
     * @param flowLabel       20 bits, 0 for none
     */
    public Ipv6HeaderTemplate(long sourceMac, long destinationMac, long sourceHigh, long sourceLow, int sourcePort, long destinationHigh,
                              long destinationLow, int destinationPort, int hopLimit, int trafficClass, int flowLabel) {
        final long at = Memory.allocateAligned(BYTES, Long.BYTES);
        try {
            EthernetHeader.destination(at, destinationMac);
            EthernetHeader.source(at, sourceMac);
            EthernetHeader.type(at, EthernetHeader.TYPE_IPV6);
            Ipv6Header.first(at + IP, trafficClass, flowLabel);
            Memory.putByte(at + IP + Ipv6Header.NEXT_HEADER_OFFSET, (byte) Ipv6Header.NEXT_UDP);
            Memory.putByte(at + IP + Ipv6Header.HOP_LIMIT_OFFSET, (byte) hopLimit);
            NetworkOrder.putLong(at + IP + Ipv6Header.SOURCE_OFFSET, sourceHigh);
            NetworkOrder.putLong(at + IP + Ipv6Header.SOURCE_OFFSET + Long.BYTES, sourceLow);
            NetworkOrder.putLong(at + IP + Ipv6Header.DESTINATION_OFFSET, destinationHigh);
            NetworkOrder.putLong(at + IP + Ipv6Header.DESTINATION_OFFSET + Long.BYTES, destinationLow);
            NetworkOrder.putU16(at + UDP + UdpHeader.SOURCE_PORT_OFFSET, sourcePort);
            NetworkOrder.putU16(at + UDP + UdpHeader.DESTINATION_PORT_OFFSET, destinationPort);
            bytes0 = Memory.getLong(at);
            bytes8 = Memory.getLong(at + 8);
            bytes16 = Memory.getLong(at + 16);
            bytes24 = Memory.getLong(at + 24);
            bytes32 = Memory.getLong(at + 32);
            bytes40 = Memory.getLong(at + 40);
            bytes48 = Memory.getLong(at + 48);
            bytes56 = Memory.getShort(at + LAST);
            // Folded, so that the stamps of a datagram cannot overflow it.
            udpSum = Checksum.fold(Checksum.pseudoIpv6(at + IP, 0) + Checksum.sum(at + UDP, UdpHeader.BYTES));
        } finally {
            Memory.freeAligned(at);
        }
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public int write(long frame, int payloadLength, int ipId, boolean dontFragment) {
        return write(frame, payloadLength, ipId, dontFragment, Checksum.sum(frame + BYTES, payloadLength));
    }

    @Override
    public int write(long frame, int payloadLength, int ipId, boolean dontFragment, long payloadSum) {
        final int udpLength = payloadLength + UdpHeader.BYTES;
        Memory.putLong(frame, bytes0);
        Memory.putLong(frame + 8, bytes8);
        Memory.putLong(frame + 16, bytes16);
        Memory.putLong(frame + 24, bytes24);
        Memory.putLong(frame + 32, bytes32);
        Memory.putLong(frame + 40, bytes40);
        Memory.putLong(frame + 48, bytes48);
        Memory.putShort(frame + LAST, bytes56);
        NetworkOrder.putU16(frame + IP + Ipv6Header.PAYLOAD_LENGTH_OFFSET, udpLength);
        NetworkOrder.putU16(frame + UDP + UdpHeader.LENGTH_OFFSET, udpLength);
        // The length counts twice: in the header and in the pseudo-header.
        Checksum.store(frame + UDP + UdpHeader.CHECKSUM_OFFSET, Checksum.finishUdp(udpSum + 2 * Checksum.word(udpLength) + payloadSum));
        return payloadLength + BYTES;
    }
}
