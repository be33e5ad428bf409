package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.ethernet.EthernetInterface;

/**
 * A named interface at one moment.
 *
 * @param datapath as it was named
 * @param open     null: it is not, for {@code reason}, or since no bind has wanted it yet
 */
record InterfaceState(String name, String datapath, EthernetInterface open, Reason reason) {
}
