package io.accel.udp.wire;

/**
 * An IEEE 802.1Q tag: TPID u16 at 0, where an untagged frame has its type; TCI u16 at 2 (priority 3 bits, drop-eligible 1, id 12); then
 * the type of what follows, u16 at 4.
 */
public final class VlanTag {
    /** What a tag adds to a header. */
    public static final int BYTES = 4;
    /** Customer tag, 802.1Q. */
    public static final int TPID_CUSTOMER = 0x8100;
    /** Service tag, 802.1ad. */
    public static final int TPID_SERVICE = 0x88A8;

    private VlanTag() {
    }

    public static boolean isTag(int etherType) {
        return etherType == TPID_CUSTOMER || etherType == TPID_SERVICE;
    }

    /** VLAN id, 0 to 4095. */
    public static int id(long tag) {
        return NetworkOrder.getU16(tag + 2) & 0xFFF;
    }

    /** Priority code point, 0 to 7. */
    public static int priority(long tag) {
        return NetworkOrder.getU16(tag + 2) >>> 13;
    }

    /** Type of what follows the tag. */
    public static int type(long tag) {
        return NetworkOrder.getU16(tag + 4);
    }

    /** Writes TPID 0x8100, the priority and the id; the type after it is the caller's. */
    public static void write(long tag, int priority, int id) {
        NetworkOrder.putU16(tag, TPID_CUSTOMER);
        NetworkOrder.putU16(tag + 2, priority << 13 | id & 0xFFF);
    }
}
