/**
 * IPv4 groups: what a socket is a member of, how members of one host find each other in shared memory, and how a datagram reaches each
 * of them once (docs/adr/0009). Addresses are ints in host order.
 */
package io.accel.udp.group;
