package io.accel.udp.route;

import java.net.InetAddress;

/**
 * An address of this host.
 *
 * @param prefix length in bits
 * @param scope  linux/rtnetlink.h, RT_SCOPE_: 0 global, 253 link, 254 host
 * @param flags  linux/if_addr.h, IFA_F_: 0x08 duplicate found, 0x40 tentative
 */
public record LocalAddress(int ifIndex, InetAddress address, int prefix, int scope, int flags) {
}
