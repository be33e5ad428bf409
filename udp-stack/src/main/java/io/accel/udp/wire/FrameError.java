package io.accel.udp.wire;

/**
 * What {@link UdpFrame#check} or {@link Udp6Frame#check} found; the ordinal is its code, 0 for a good frame. Each but NONE is a drop cause
 * and has a counter.
 */
public enum FrameError {
    NONE("good"),
    TRUNCATED("the frame is shorter than its headers say"),
    NOT_IP("the Ethernet type is neither IPv4 nor IPv6"),
    BAD_IP_HEADER("the IP version is not the Ethernet type's, or the IPv4 header or total length is less than 20"),
    IP_OPTIONS("the IP header has options"),
    FRAGMENT("the datagram is a fragment"),
    BAD_IP_CHECKSUM("the IP header's checksum is wrong"),
    EXTENSION_HEADER("an IPv6 extension header precedes the UDP header"),
    NOT_UDP("the IP protocol is not UDP"),
    MARTIAN_SOURCE("no host may send from this source address"),
    MARTIAN_DESTINATION("no datagram between hosts may have this destination address"),
    BAD_LENGTH("the UDP length is less than 8 or more than IP carries"),
    NO_UDP_CHECKSUM("the UDP checksum, which IPv6 demands, is absent"),
    BAD_UDP_CHECKSUM("the UDP checksum is wrong");

    private static final FrameError[] VALUES = values();

    private final String text;

    FrameError(String text) {
        this.text = text;
    }

    /** One clause in plain words. */
    public String text() {
        return text;
    }

    /** How many codes there are, NONE included: the size of an array of counters. */
    public static int count() {
        return VALUES.length;
    }

    /** The error of a code that {@link UdpFrame#check} or {@link Udp6Frame#check} returned. */
    public static FrameError of(int code) {
        return VALUES[code];
    }
}
