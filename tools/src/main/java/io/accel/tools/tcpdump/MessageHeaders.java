package io.accel.tools.tcpdump;

import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureRing;
import io.accel.core.capture.CapturedPacket;
import io.accel.core.memory.MemoryRegion;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The IP and UDP headers (RFC 791, 8200, 768) that a message would have on a wire: shared memory carries a source and a payload alone. A
 * message does not tell its destination's address either: it is where the channel is bound and, where that is the wildcard, the source's,
 * which is an address of this host as well.
 */
final class MessageHeaders {
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final int PROTOCOL_UDP = 17;
    private static final int HOP_LIMIT = 64;
    private static final int MAX_LENGTH = 0xFFFF;

    private final MemoryRegion memory = MemoryRegion.allocate(0, IPV6_BYTES + UDP_BYTES + CaptureRing.MAX_SNAP);
    private final ByteBuffer bytes = memory.buffer().duplicate().order(ByteOrder.BIG_ENDIAN);
    private boolean isIpv4;
    private int udp;

    /** Where they are written, and what follows them is to be put. */
    MemoryRegion memory() {
        return memory;
    }

    /** Writes them. @return their length */
    int write(CapturedPacket packet) {
        final boolean inbound = packet.direction() == CaptureRecord.INBOUND;
        final long fromHigh = packet.sourceHigh();
        final long fromLow = packet.sourceLow();
        final boolean unbound = isWildcard(packet.destinationHigh(), packet.destinationLow());
        final long toHigh = inbound && unbound ? fromHigh : packet.destinationHigh();
        final long toLow = inbound && unbound ? fromLow : packet.destinationLow();
        isIpv4 = IpAddress.isIpv4(toHigh, toLow);
        udp = isIpv4 ? IPV4_BYTES : IPV6_BYTES;
        final int length = UDP_BYTES + packet.original();
        if (isIpv4) {
            bytes.putShort(0, (short) 0x4500).putShort(2, clamped(IPV4_BYTES + length)).putInt(4, 0x4000)
                .put(8, (byte) HOP_LIMIT).put(9, (byte) PROTOCOL_UDP).putShort(10, (short) 0)
                .putInt(12, IpAddress.isIpv4(fromHigh, fromLow) ? (int) fromLow : 0).putInt(16, (int) toLow);
            bytes.putShort(10, (short) ~sum(0, IPV4_BYTES, 0));
        } else {
            bytes.putInt(0, 0x6000_0000).putShort(4, clamped(length)).put(6, (byte) PROTOCOL_UDP).put(7, (byte) HOP_LIMIT)
                .putLong(8, fromHigh).putLong(16, fromLow).putLong(24, toHigh).putLong(32, toLow);
        }
        bytes.putShort(udp, (short) ScopedPort.port(packet.sourcePort()))
            .putShort(udp + 2, (short) ScopedPort.port(packet.destinationPort()))
            .putShort(udp + 4, clamped(length)).putShort(udp + 6, (short) 0);
        return udp + UDP_BYTES;
    }

    private static boolean isWildcard(long high, long low) {
        return high == 0 && (low == 0 || low == IpAddress.mapped(0));
    }

    private static short clamped(int length) {
        return (short) Math.min(length, MAX_LENGTH);
    }

    /** Sums the datagram behind them. One of which a part is missing gets none, or over IPv6, which demands one, any. */
    void sum(int captured, int original) {
        final int length = captured - udp;
        if (captured < original) {
            bytes.putShort(udp + 6, (short) (isIpv4 ? 0 : -1));
            return;
        }
        final int addresses = isIpv4 ? 12 : 8;
        final int pseudo = sum(addresses, udp, PROTOCOL_UDP + length);
        final int sum = ~sum(udp, captured, pseudo) & 0xFFFF;
        bytes.putShort(udp + 6, (short) (sum == 0 ? 0xFFFF : sum));
    }

    /** The sum of RFC 1071 over bytes from an index to another, folded. */
    private int sum(int from, int to, int start) {
        long sum = start;
        int at = from;
        for (; at + 1 < to; at += 2) {
            sum += bytes.getShort(at) & 0xFFFF;
        }
        if (at < to) {
            sum += (bytes.get(at) & 0xFF) << 8;
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }
}
