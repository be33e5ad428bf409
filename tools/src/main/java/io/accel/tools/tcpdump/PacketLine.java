package io.accel.tools.tcpdump;

import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CapturedPacket;
import io.accel.tools.text.Wrapped;
import io.accel.udp.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A packet as a line to read. */
final class PacketLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.nnnnnnnnn").withZone(ZoneId.systemDefault());
    private static final long NANOS = 1_000_000_000L;
    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int PROTOCOL_UDP = 17;
    private static final int UDP_BYTES = 8;
    private static final int INDENT = 4;

    private PacketLine() {
    }

    /** One line, ended, or more where it is longer than a line is to be. */
    static String of(long pid, String interfaceName, CapturedPacket record, Packet packet) {
        final Instant time = Instant.ofEpochSecond(Math.floorDiv(record.stamp(), NANOS), Math.floorMod(record.stamp(), NANOS));
        final String direction = record.direction() == CaptureRecord.INBOUND ? "In" : "Out";
        return Wrapped.under("", TIME.format(time) + " " + pid + " " + interfaceName + " " + direction + " " + contents(packet) + ", "
            + VerdictText.brief(record.verdict()), INDENT);
    }

    private static String contents(Packet packet) {
        final ByteBuffer bytes = packet.memory().buffer().slice(packet.offset(), packet.captured()).order(ByteOrder.BIG_ENDIAN);
        final boolean ethernet = packet.link() == LinkType.ETHERNET;
        final int ip = ethernet ? ETHERNET_BYTES : 0;
        if (bytes.capacity() <= ip) {
            return "truncated, length " + packet.original();
        }
        final int type = ethernet ? bytes.getShort(ip - 2) & 0xFFFF : bytes.get(0) >> 4 == 4 ? IPV4 : IPV6;
        if (type == IPV4 && bytes.capacity() >= ip + 20) {
            return ipv4(bytes, ip, packet.original());
        }
        if (type == IPV6 && bytes.capacity() >= ip + 40) {
            return datagram("IP6", bytes, ip + 40, bytes.get(ip + 6), bytes.getLong(ip + 8), bytes.getLong(ip + 16),
                bytes.getLong(ip + 24), bytes.getLong(ip + 32), packet.original());
        }
        return "ethertype 0x" + Integer.toHexString(type) + ", length " + packet.original();
    }

    private static String ipv4(ByteBuffer bytes, int ip, int original) {
        return datagram("IP", bytes, ip + (bytes.get(ip) & 0xF) * Integer.BYTES, bytes.get(ip + 9), 0,
            IpAddress.mapped(bytes.getInt(ip + 12)), 0, IpAddress.mapped(bytes.getInt(ip + 16)), original);
    }

    private static String datagram(String version, ByteBuffer bytes, int udp, int protocol, long fromHigh, long fromLow, long toHigh,
                                   long toLow, int original) {
        if (protocol != PROTOCOL_UDP || bytes.capacity() < udp + UDP_BYTES) {
            return version + " " + IpAddress.inetAddress(fromHigh, fromLow, 0).getHostAddress() + " > "
                + IpAddress.inetAddress(toHigh, toLow, 0).getHostAddress() + ": protocol " + (protocol & 0xFF) + ", length " + original;
        }
        return version + " " + VerdictText.end(fromHigh, fromLow, bytes.getShort(udp) & 0xFFFF) + " > "
            + VerdictText.end(toHigh, toLow, bytes.getShort(udp + 2) & 0xFFFF) + ": UDP, length "
            + ((bytes.getShort(udp + 4) & 0xFFFF) - UDP_BYTES);
    }
}
