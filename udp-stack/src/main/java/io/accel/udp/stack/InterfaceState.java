package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.ethernet.EthernetInterface;
import java.util.Map;

/**
 * A named interface at one moment.
 *
 * @param datapath as it was named
 * @param open     null: it is not, for {@code reason}, or since no bind has wanted it yet
 * @param levels   how full the rings of its VI are, as {@link io.accel.core.vi.VirtualInterface#levels} has it
 */
record InterfaceState(String name, String datapath, EthernetInterface open, Reason reason, Map<String, Long> levels) {
}
