package io.accel.udp.route;

import io.accel.udp.address.IpAddress;
import java.net.InetAddress;

/**
 * An address of this host.
 *
 * @param prefix length in bits
 * @param scope  linux/rtnetlink.h, RT_SCOPE_: 0 global, 253 link, 254 host
 * @param flags  linux/if_addr.h, IFA_F_: 0x08 duplicate found, 0x40 tentative
 */
public record LocalAddress(int ifIndex, InetAddress address, int prefix, int scope, int flags) {
    private static final int OPTIMISTIC = 0x04;
    private static final int DUPLICATE_OR_TENTATIVE = 0x48;

    /** Whether the kernel delivers to it: not while duplicate address detection goes on, unless optimistically, nor after it failed. */
    public boolean isUsable() {
        return (flags & DUPLICATE_OR_TENTATIVE) == 0 || (flags & OPTIMISTIC) != 0;
    }

    /** With its interface as the scope where it needs one. */
    public IpAddress ip() {
        return IpAddress.of(address, ifIndex);
    }
}
