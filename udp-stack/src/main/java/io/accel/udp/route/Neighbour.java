package io.accel.udp.route;

/**
 * A next hop's entry in the kernel's table.
 *
 * @param mac   48 bits, the octet that is sent first in bits 40 to 47; 0 while unknown
 * @param state how far to trust it
 */
public record Neighbour(long mac, NeighbourState state) {
    static final Neighbour ABSENT = new Neighbour(0, NeighbourState.NONE);
}
