package io.accel.udp.wire;

/** The Ethernet II header: destination u48 at 0, source u48 at 6, type u16 at 12. */
public final class EthernetHeader {
    public static final int BYTES = 14;
    public static final int DESTINATION_OFFSET = 0;
    public static final int SOURCE_OFFSET = 6;
    public static final int TYPE_OFFSET = 12;

    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_IPV6 = 0x86DD;

    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final long GROUP_BIT = 0x0100_0000_0000L;

    private EthernetHeader() {
    }

    public static long destination(long frame) {
        return NetworkOrder.getU48(frame + DESTINATION_OFFSET);
    }

    public static void destination(long frame, long mac) {
        NetworkOrder.putU48(frame + DESTINATION_OFFSET, mac);
    }

    public static long source(long frame) {
        return NetworkOrder.getU48(frame + SOURCE_OFFSET);
    }

    public static void source(long frame, long mac) {
        NetworkOrder.putU48(frame + SOURCE_OFFSET, mac);
    }

    public static int type(long frame) {
        return NetworkOrder.getU16(frame + TYPE_OFFSET);
    }

    public static void type(long frame, int type) {
        NetworkOrder.putU16(frame + TYPE_OFFSET, type);
    }

    /** Whether a MAC address is a multicast or the broadcast one. */
    public static boolean isGroup(long mac) {
        return (mac & GROUP_BIT) != 0;
    }
}
