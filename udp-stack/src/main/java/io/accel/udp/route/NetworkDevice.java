package io.accel.udp.route;

/**
 * A network interface.
 *
 * @param mac    48 bits, first octet in bits 40 to 47; 0 without one
 * @param mtu    bytes of IP packet
 * @param flags  linux/if.h, IFF_
 * @param type   linux/if_arp.h, ARPHRD_
 * @param master interface index of the bridge, bond or VRF it belongs to, or 0
 * @param lower  interface index it is stacked on (a VLAN's device, a veth's peer), or 0
 * @param vlan   VLAN id, or -1
 * @param kind   "veth", "vlan", "bridge", ...; "" for hardware and loopback
 * @param xdp    linux/if_link.h, XDP_ATTACHED_; 0 without a program
 * @param hopLimit of IPv6 datagrams, as a router advertises it or a setting says; 0 without IPv6
 * @param ipv6Mtu  as {@code mtu}, for IPv6 alone; 0 without IPv6
 */
public record NetworkDevice(int ifIndex, String name, long mac, int mtu, int flags, int type, int master, int lower, int vlan,
                            String kind, int xdp, int hopLimit, int ipv6Mtu) {
    private static final int IFF_UP = 1;
    private static final int IFF_LOOPBACK = 8;
    private static final int IFF_RUNNING = 0x40;
    private static final int ARPHRD_ETHER = 1;

    public boolean up() {
        return (flags & IFF_UP) != 0;
    }

    /** Up, and with a carrier. */
    public boolean running() {
        return up() && (flags & IFF_RUNNING) != 0;
    }

    public boolean loopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }

    public boolean ethernet() {
        return type == ARPHRD_ETHER;
    }
}
