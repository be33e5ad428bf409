package io.accel.udp.wire;

import io.accel.core.memory.Memory;

/**
 * The Internet checksum (RFC 1071) over raw memory.
 *
 * <p>A <em>sum</em> is a {@code long} that adds 16-bit words as they are loaded in host byte order, carries not folded yet: by RFC 1071
 * §2(B) the folded result, stored in host order, is right on the wire, so that nothing is swapped per word. Sums of parts add up with
 * {@code +} where each part but the last is of even length; {@link #at} takes care of others. No overflow below 8 GiB in all.
 */
public final class Checksum {
    private static final long LOW = 0xFFFFFFFFL;
    private static final int UDP_WIRE = NetworkOrder.swap16(Ipv4Header.PROTOCOL_UDP);

    private Checksum() {
    }

    /** Sum of {@code length} bytes at any alignment; nothing beyond them is read. */
    public static long sum(long address, int length) {
        long at = address;
        int left = length;
        long even = 0;
        long odd = 0;
        // Two chains and 32-bit halves: no carry to test for, and the additions overlap.
        for (; left >= 32; left -= 32, at += 32) {
            final long a = Memory.getLong(at);
            final long b = Memory.getLong(at + 8);
            final long c = Memory.getLong(at + 16);
            final long d = Memory.getLong(at + 24);
            even += (a & LOW) + (b & LOW) + (c & LOW) + (d & LOW);
            odd += (a >>> 32) + (b >>> 32) + (c >>> 32) + (d >>> 32);
        }
        for (; left >= 8; left -= 8, at += 8) {
            final long a = Memory.getLong(at);
            even += a & LOW;
            odd += a >>> 32;
        }
        if ((left & 4) != 0) {
            even += Memory.getInt(at) & LOW;
            at += 4;
        }
        if ((left & 2) != 0) {
            odd += Memory.getShort(at) & 0xFFFF;
            at += 2;
        }
        if ((left & 1) != 0) {
            even += NetworkOrder.firstByte(Memory.getByte(at));
        }
        return even + odd;
    }

    /** The sum of a part as it counts at a byte offset in the whole: at an odd one its bytes change places (RFC 1071 §2(B)). */
    public static long at(int offset, long part) {
        final int folded = fold(part);
        return (offset & 1) == 0 ? folded : (folded >>> 8 | folded << 8) & 0xFFFF;
    }

    /** The 16 bits of a sum with end-around carry; 0 only for the sum of nothing but zeros. */
    public static int fold(long sum) {
        final long half = (sum >>> 32) + (sum & LOW);
        final long quarter = (half >>> 32) + (half >>> 16 & 0xFFFF) + (half & 0xFFFF);
        final int carried = (int) ((quarter >>> 16) + (quarter & 0xFFFF));
        return (carried >>> 16) + (carried & 0xFFFF);
    }

    /** The checksum to store, with {@link #store}, where the summed field held 0. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xFFFF;
    }

    /** {@link #finish} for UDP, which sends 0 as 0xFFFF, since 0 means that there is none (RFC 768). */
    public static int finishUdp(long sum) {
        final int checksum = finish(sum);
        return checksum == 0 ? 0xFFFF : checksum;
    }

    /** Writes what {@link #finish} gave. */
    public static void store(long at, int checksum) {
        Memory.putShort(at, (short) checksum);
    }

    /** Reads a checksum field as {@link #finish} gives it: host order, not to be compared with what a book prints. */
    public static int load(long at) {
        return Memory.getShort(at) & 0xFFFF;
    }

    /** Whether a sum that includes the checksum field itself is right. */
    public static boolean isRight(long sum) {
        return fold(sum) == 0xFFFF;
    }

    /** A 16-bit value in host order as it counts in a sum. */
    public static long word(int value) {
        return NetworkOrder.swap16(value);
    }

    /** A 32-bit value in host order, as an IPv4 address, as it counts in a sum. */
    public static long words(int value) {
        return NetworkOrder.swap32(value) & LOW;
    }

    /**
     * The checksum after one word of what it covers has changed (RFC 1624, equation 3).
     *
     * @param checksum as {@link #load} gives it
     * @param before   the word before, host order
     * @param after    the word after, host order
     */
    public static int update(int checksum, int before, int after) {
        return finish((~checksum & 0xFFFF) + (~word(before) & 0xFFFF) + word(after));
    }

    /** Sum of UDP's pseudo-header over IPv4 (RFC 768). */
    public static long pseudoIpv4(int source, int destination, int udpLength) {
        return words(source) + words(destination) + UDP_WIRE + word(udpLength);
    }

    /** Sum of UDP's pseudo-header with the addresses of an IPv4 header. */
    public static long pseudoIpv4(long ipHeader, int udpLength) {
        final long addresses = Memory.getLong(ipHeader + Ipv4Header.SOURCE_OFFSET);
        return (addresses & LOW) + (addresses >>> 32) + UDP_WIRE + word(udpLength);
    }

    /** Sum of UDP's pseudo-header over IPv6 (RFC 8200 §8.1) with the addresses of an IPv6 header. */
    public static long pseudoIpv6(long ipHeader, int udpLength) {
        return sum(ipHeader + Ipv6Header.SOURCE_OFFSET, 32) + UDP_WIRE + words(udpLength);
    }

    /**
     * Whether a received UDP datagram's checksum is right or absent; that IPv6 does without none is the caller's to check.
     *
     * @param udp     address of the UDP header
     * @param length  its length field, which the frame holds
     * @param pseudo  the pseudo-header's sum
     * @param partial whether the field may hold the pseudo-header's sum alone, not complemented, as Linux leaves it when it defers the
     *                rest to hardware that a virtual link does not have (CHECKSUM_PARTIAL in linux/skbuff.h)
     */
    public static boolean isUdpRight(long udp, int length, long pseudo, boolean partial) {
        final int field = load(udp + UdpHeader.CHECKSUM_OFFSET);
        return field == 0 || partial && field == fold(pseudo) || isRight(pseudo + sum(udp, length));
    }
}
