package io.accel.udp.path;

import io.accel.core.Reason;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;
import io.accel.udp.ethernet.EthernetInterface;

/** What the resolver asks of the stack. Any thread. */
public interface PathPolicy {
    /** Why a socket is not on the message medium. */
    Reason messagesReason();

    /** The accelerated interface of this index, or null. */
    EthernetInterface interfaceOf(int ifIndex);

    /** Why {@link #interfaceOf} is null. */
    Reason interfaceReason(String ifName);

    /** Why an interface cannot be sent through now, or null: it can. @param out of {@link #interfaceOf} */
    default Reason whyNot(EthernetInterface out, String ifName) {
        return out == null ? interfaceReason(ifName) : out.isUsable() ? null : out.failure();
    }

    /** 48 bits, first octet in bits 40 to 47. */
    long macOf(int ifIndex);

    /** Whether firewall or NAT rules may apply to UDP over this version on this device, and are to be honoured. */
    boolean firewallMayMatch(String device, IpVersion version);

    /**
     * Whether a socket of this host hears a group by the kernel alone: anybody's that may be a member and that no message reaches.
     *
     * @param ifIndex the interface on which it would hear it
     */
    boolean isHeardByKernel(IpAddress group, int port, int ifIndex);
}
