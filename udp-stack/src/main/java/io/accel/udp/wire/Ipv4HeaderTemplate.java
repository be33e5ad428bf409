package io.accel.udp.wire;

import io.accel.core.memory.Memory;

/**
 * The 42 bytes of Ethernet, IPv4 and UDP header towards one destination, built once and stamped per datagram. Immutable; any thread.
 */
public final class Ipv4HeaderTemplate implements HeaderTemplate {
    /** Bytes that {@link #write} puts before the payload. */
    public static final int BYTES = UdpFrame.PAYLOAD_OFFSET;

    private static final int IP = UdpFrame.IP_OFFSET;
    private static final int UDP = UdpFrame.UDP_OFFSET;
    private static final int LAST = 40;
    private static final long DONT_FRAGMENT_SUM = Checksum.word(Ipv4Header.DONT_FRAGMENT);

    // The bytes 0 to 39 as host-order longs; 40 and 41, the UDP checksum, are always stamped.
    private final long bytes0;
    private final long bytes8;
    private final long bytes16;
    private final long bytes24;
    private final long bytes32;
    private final long ipSum;
    private final long udpSum;

    /**
     * @param sourceMac      our interface's MAC address, 48 bits
     * @param destinationMac the next hop's
     * @param source         IPv4 address, host order
     * @param destination    IPv4 address, host order
     * @param ttl            1 to 255
     * @param tos            DSCP and ECN
     */
    public Ipv4HeaderTemplate(long sourceMac, long destinationMac, int source, int sourcePort, int destination, int destinationPort,
                              int ttl, int tos) {
        final long at = Memory.allocateAligned(BYTES, Long.BYTES);
        try {
            EthernetHeader.destination(at, destinationMac);
            EthernetHeader.source(at, sourceMac);
            EthernetHeader.type(at, EthernetHeader.TYPE_IPV4);
            Memory.putByte(at + IP, (byte) Ipv4Header.VERSION_AND_LENGTH);
            Memory.putByte(at + IP + Ipv4Header.TOS_OFFSET, (byte) tos);
            Memory.putByte(at + IP + Ipv4Header.TTL_OFFSET, (byte) ttl);
            Memory.putByte(at + IP + Ipv4Header.PROTOCOL_OFFSET, (byte) Ipv4Header.PROTOCOL_UDP);
            NetworkOrder.putInt(at + IP + Ipv4Header.SOURCE_OFFSET, source);
            NetworkOrder.putInt(at + IP + Ipv4Header.DESTINATION_OFFSET, destination);
            NetworkOrder.putU16(at + UDP + UdpHeader.SOURCE_PORT_OFFSET, sourcePort);
            NetworkOrder.putU16(at + UDP + UdpHeader.DESTINATION_PORT_OFFSET, destinationPort);
            bytes0 = Memory.getLong(at);
            bytes8 = Memory.getLong(at + 8);
            bytes16 = Memory.getLong(at + 16);
            bytes24 = Memory.getLong(at + 24);
            bytes32 = Memory.getLong(at + 32);
            // Folded, so that the stamps of a datagram cannot overflow them.
            ipSum = Checksum.fold(Checksum.sum(at + IP, Ipv4Header.BYTES));
            udpSum = Checksum.fold(Checksum.pseudoIpv4(source, destination, 0) + Checksum.sum(at + UDP, UdpHeader.BYTES));
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
        final int length = writeUnsummed(frame, payloadLength, ipId, dontFragment);
        final long stamps = Checksum.word(udpLength + Ipv4Header.BYTES) + Checksum.word(ipId) + (dontFragment ? DONT_FRAGMENT_SUM : 0);
        Checksum.store(frame + IP + Ipv4Header.CHECKSUM_OFFSET, Checksum.finish(ipSum + stamps));
        // The length counts twice: in the header and in the pseudo-header.
        Checksum.store(frame + UDP + UdpHeader.CHECKSUM_OFFSET, Checksum.finishUdp(udpSum + 2 * Checksum.word(udpLength) + payloadSum));
        return length;
    }

    /** As {@link #write(long, int, int, boolean)} with both checksums 0, for hardware that completes them. */
    public int writeUnsummed(long frame, int payloadLength, int ipId, boolean dontFragment) {
        Memory.putLong(frame, bytes0);
        Memory.putLong(frame + 8, bytes8);
        Memory.putLong(frame + 16, bytes16);
        Memory.putLong(frame + 24, bytes24);
        Memory.putLong(frame + 32, bytes32);
        Memory.putShort(frame + LAST, (short) 0);
        NetworkOrder.putU16(frame + IP + Ipv4Header.TOTAL_LENGTH_OFFSET, payloadLength + UdpHeader.BYTES + Ipv4Header.BYTES);
        NetworkOrder.putU16(frame + IP + Ipv4Header.ID_OFFSET, ipId);
        if (dontFragment) {
            NetworkOrder.putU16(frame + IP + Ipv4Header.FRAGMENT_OFFSET, Ipv4Header.DONT_FRAGMENT);
        }
        NetworkOrder.putU16(frame + UDP + UdpHeader.LENGTH_OFFSET, payloadLength + UdpHeader.BYTES);
        return payloadLength + BYTES;
    }
}
