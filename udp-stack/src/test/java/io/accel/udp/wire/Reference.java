package io.accel.udp.wire;

import java.util.HexFormat;

/** The obvious way to sum and build, byte by byte, that the fast one is compared with; and frames captured from a kernel. */
final class Reference {
    /** Sent by Linux over veth with transmit checksums off: UDP 10.9.8.1:40001 to 10.9.8.2:5353, "first flight!". */
    static final String IPV4 = "02000000000b02000000000a080045000029555840004011c1570a0908010a0908029c4114e90015843f"
        + "666972737420666c6967687421";
    /** The same with transmit checksums on: the UDP checksum is the pseudo-header's sum. */
    static final String IPV4_PARTIAL = "02000000000b02000000000a080045000029558140004011c12e0a0908010a0908029c4114e90015243b"
        + "666972737420666c6967687421";
    /** The same from fd00:9::1 to fd00:9::2, transmit checksums off. */
    static final String IPV6 = "02000000000b02000000000a86dd6002c60a00151140"
        + "fd000009000000000000000000000001fd000009000000000000000000000002"
        + "9c4114e90015ae3d666972737420666c6967687421";

    private Reference() {
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** Folded sum of big-endian words, as RFC 1071 §4.1 has it. */
    static int sum(byte[] bytes, int from, int length, long initial) {
        long sum = initial;
        for (int i = 0; i < length; i += 2) {
            final int low = i + 1 < length ? bytes[from + i + 1] & 0xFF : 0;
            sum += (bytes[from + i] & 0xFF) << 8 | low;
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }

    /** A frame with right checksums, then padding. */
    static byte[] frame(int source, int sourcePort, int destination, int destinationPort, byte[] payload, int padding) {
        final byte[] f = new byte[42 + payload.length + padding];
        put(f, 0, 0x0200, 0x0000, 0x000b, 0x0200, 0x0000, 0x000a, 0x0800, 0x4500, 28 + payload.length, 0x1234, 0x4000, 0x4011, 0,
            source >>> 16, source, destination >>> 16, destination, sourcePort, destinationPort, 8 + payload.length, 0);
        System.arraycopy(payload, 0, f, 42, payload.length);
        sumFrame(f, payload.length);
        return f;
    }

    /** Writes both checksums of a frame without options. */
    static void sumFrame(byte[] f, int payloadLength) {
        put(f, 24, 0);
        put(f, 24, ~sum(f, 14, 20, 0));
        put(f, 40, 0);
        final int udp = ~sum(f, 34, 8 + payloadLength, pseudo(f, 8 + payloadLength)) & 0xFFFF;
        put(f, 40, udp == 0 ? 0xFFFF : udp);
    }

    /** As {@link #frame} over IPv6, with traffic class 0xB8, flow label 0x6c60a and hop limit 7; addresses of 16 bytes. */
    static byte[] frame6(byte[] source, int sourcePort, byte[] destination, int destinationPort, byte[] payload, int padding) {
        final byte[] f = new byte[62 + payload.length + padding];
        put(f, 0, 0x0200, 0x0000, 0x000b, 0x0200, 0x0000, 0x000a, 0x86DD, 0x6B86, 0xC60A, 8 + payload.length, 0x1107);
        System.arraycopy(source, 0, f, 22, 16);
        System.arraycopy(destination, 0, f, 38, 16);
        put(f, 54, sourcePort, destinationPort, 8 + payload.length, 0);
        System.arraycopy(payload, 0, f, 62, payload.length);
        sumFrame6(f, payload.length);
        return f;
    }

    /** Writes the UDP checksum of a frame without extension headers. */
    static void sumFrame6(byte[] f, int payloadLength) {
        put(f, 60, 0);
        final int udp = ~sum(f, 54, 8 + payloadLength, pseudo6(f, 8 + payloadLength)) & 0xFFFF;
        put(f, 60, udp == 0 ? 0xFFFF : udp);
    }

    static int pseudo6(byte[] f, int udpLength) {
        return sum(f, 22, 32, 17 + udpLength);
    }

    static int pseudo(byte[] f, int udpLength) {
        return sum(f, 26, 8, 17 + udpLength);
    }

    static void put(byte[] f, int at, int... words) {
        for (int i = 0; i < words.length; i++) {
            f[at + 2 * i] = (byte) (words[i] >>> 8);
            f[at + 2 * i + 1] = (byte) words[i];
        }
    }
}
