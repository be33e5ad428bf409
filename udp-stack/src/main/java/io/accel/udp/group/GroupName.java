package io.accel.udp.group;

import io.accel.udp.address.IpAddress;

/** How the members of a group are named in the message medium's directory. */
public final class GroupName {
    private GroupName() {
    }

    /** Every member: the sockets to send to. All of a group and port share one version word. */
    public static String members(IpAddress group, int port, int ifIndex) {
        return "m." + Integer.toHexString(port) + "." + text(group) + "." + Integer.toHexString(ifIndex);
    }

    /** One member by its shadow's inode, by which it is recognised in the kernel's list of sockets. */
    public static String member(IpAddress group, int port, int ifIndex, long inode) {
        return "i." + Integer.toHexString(port) + "." + text(group) + "." + Long.toHexString(inode) + "."
            + Integer.toHexString(ifIndex);
    }

    private static String text(IpAddress group) {
        return group.isIpv4() ? Integer.toHexString(group.ipv4()) : Long.toHexString(group.high()) + "x" + Long.toHexString(group.low());
    }
}
