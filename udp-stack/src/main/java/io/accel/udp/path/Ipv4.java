package io.accel.udp.path;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** IPv4 addresses as ints in host order. */
public final class Ipv4 {
    /** 255.255.255.255. */
    public static final int BROADCAST = -1;

    private Ipv4() {
    }

    public static boolean isMulticast(int address) {
        return address >>> 28 == 0xE;
    }

    /** @param address an Inet4Address */
    public static int toInt(InetAddress address) {
        final byte[] octets = address.getAddress();
        return (octets[0] & 0xFF) << 24 | (octets[1] & 0xFF) << 16 | (octets[2] & 0xFF) << 8 | octets[3] & 0xFF;
    }

    public static InetAddress inetAddress(int address) {
        try {
            return InetAddress.getByAddress(
                new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address});
        } catch (final UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }
}
