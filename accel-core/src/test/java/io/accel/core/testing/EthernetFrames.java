package io.accel.core.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames for tests, made by hand so that nothing of what is tested makes them. Network byte order. */
public final class EthernetFrames {
    private static final int ETHERNET = 14;
    private static final int UDP = 8;

    private EthernetFrames() {
    }

    /**
     * A UDP datagram in IPv4 with right checksums.
     *
     * @param fragment the 16 bits of flags and fragment offset
     * @param options  bytes of IP options, a multiple of 4, all NOP
     */
    public static byte[] udp(String fromMac, String toMac, String from, int fromPort, String to, int toPort, byte[] payload, int fragment,
                             int options) {
        final int ipHeader = 20 + options;
        final ByteBuffer f = ByteBuffer.allocate(ETHERNET + ipHeader + UDP + payload.length);
        f.put(mac(toMac)).put(mac(fromMac)).putShort((short) 0x0800);
        f.put((byte) (0x40 | ipHeader / 4)).put((byte) 0).putShort((short) (ipHeader + UDP + payload.length));
        f.putShort((short) 0x4242).putShort((short) fragment).put((byte) 64).put((byte) 17).putShort((short) 0);
        f.put(ip(from)).put(ip(to));
        for (int i = 0; i < options; i++) {
            f.put((byte) 1);
        }
        f.putShort(ETHERNET + 10, (short) ~sum(f, ETHERNET, ipHeader, 0));
        final int udp = f.position();
        f.putShort((short) fromPort).putShort((short) toPort).putShort((short) (UDP + payload.length)).putShort((short) 0).put(payload);
        final int pseudo = sum(f, ETHERNET + 12, 8, 17 + UDP + payload.length);
        final int checksum = ~sum(f, udp, UDP + payload.length, pseudo) & 0xFFFF;
        f.putShort(udp + 6, (short) (checksum == 0 ? 0xFFFF : checksum));
        return f.array();
    }

    public static byte[] udp(String fromMac, String toMac, String from, int fromPort, String to, int toPort, String payload) {
        return udp(fromMac, toMac, from, fromPort, to, toPort, payload.getBytes(StandardCharsets.UTF_8), 0, 0);
    }

    /**
     * A UDP datagram in IPv6 with a right checksum.
     *
     * @param extension number of an extension header of 8 bytes that is put before UDP, holding padding only (RFC 8200 §4.2), or 0
     */
    public static byte[] udp6(String fromMac, String toMac, String from, int fromPort, String to, int toPort, String text, int extension) {
        final byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        final int extensionBytes = extension == 0 ? 0 : 8;
        final int udpBytes = UDP + payload.length;
        final ByteBuffer f = ByteBuffer.allocate(ETHERNET + 40 + extensionBytes + udpBytes);
        f.put(mac(toMac)).put(mac(fromMac)).putShort((short) 0x86DD);
        f.putInt(0x60000000).putShort((short) (extensionBytes + udpBytes)).put((byte) (extension == 0 ? 17 : extension)).put((byte) 64);
        f.put(ip6(from)).put(ip6(to));
        if (extension != 0) {
            f.put((byte) 17).put((byte) 0).put((byte) 1).put((byte) 4).putInt(0);
        }
        final int udp = f.position();
        f.putShort((short) fromPort).putShort((short) toPort).putShort((short) udpBytes).putShort((short) 0).put(payload);
        final int checksum = ~sum(f, udp, udpBytes, sum(f, ETHERNET + 8, 32, 17 + udpBytes)) & 0xFFFF;
        f.putShort(udp + 6, (short) (checksum == 0 ? 0xFFFF : checksum));
        return f.array();
    }

    private static byte[] ip6(String text) {
        try {
            final byte[] address = InetAddress.getByName(text).getAddress();
            if (address.length == 16) {
                return address;
            }
            return ByteBuffer.allocate(16).putShort(10, (short) 0xFFFF).put(12, address).array();
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** RFC 1071, not complemented. */
    private static int sum(ByteBuffer f, int at, int length, int start) {
        int sum = start;
        for (int i = 0; i < length; i++) {
            final int b = f.get(at + i) & 0xFF;
            sum += (i & 1) == 0 ? b << 8 : b;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    private static byte[] mac(String text) {
        final String[] parts = text.split(":");
        final byte[] mac = new byte[6];
        for (int i = 0; i < 6; i++) {
            mac[i] = (byte) Integer.parseInt(parts[i], 16);
        }
        return mac;
    }

    private static byte[] ip(String text) {
        final String[] parts = text.split("\\.");
        final byte[] ip = new byte[4];
        for (int i = 0; i < 4; i++) {
            ip[i] = (byte) Integer.parseInt(parts[i]);
        }
        return ip;
    }
}
