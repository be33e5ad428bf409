package io.accel.udp.group;

import io.accel.udp.address.IpAddress;

/**
 * To whom on this host a datagram to a group goes. Immutable.
 *
 * @param group    without scope
 * @param port     destination port
 * @param ifIndex  interface that it leaves by, on which members have joined
 * @param version  of the directory, as its members were looked up
 * @param peers    handles of the members on the message medium; not to be written
 * @param source   source address to tell them, with its scope
 * @param isCopied whether the kernel gets a tagged copy for sockets that no message reaches; only on the loopback interface
 * @param tag      marks that copy
 */
public record FanOut(IpAddress group, int port, int ifIndex, int version, int[] peers, IpAddress source, boolean isCopied, int tag) {
}
