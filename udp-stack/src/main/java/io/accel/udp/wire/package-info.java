/**
 * Ethernet, VLAN, IPv4, IPv6 and UDP as they lie on the wire: flyweights over raw addresses. A frame's length is checked once, by
 * {@link io.accel.udp.wire.UdpFrame#check} or {@link io.accel.udp.wire.Udp6Frame#check}, after which the accessors cannot fail. Values
 * that they take and give are in host byte order; an IPv4 address is an {@code int} whose highest byte is the first on the wire, an
 * IPv6 address two {@code long}s whose highest bytes are the first and the ninth, a MAC address the low 48 bits of a {@code long}.
 */
package io.accel.udp.wire;
