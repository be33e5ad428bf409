package io.accel.udp.state;

import io.accel.core.vi.NicEvent;
import java.util.Map;

/**
 * A virtual interface at one moment, or what was named for one.
 *
 * @param name     of the network interface; {@code lo}: shared memory
 * @param datapath as {@code afxdp}
 * @param open     whether there is one now
 * @param mode     of the datapath, as {@code generic}; null where it is not open
 * @param mtu      bytes; 0 where that is not known
 * @param usable   false: it is open and has failed
 * @param reason   why it is not open, or null: it is, or no channel has wanted it yet
 * @param events   of its NIC; empty where that tells of none
 * @param frames   what they had for the stack; 0 for shared memory, where channels count for themselves
 * @param received datagrams that came by it, and by those it had before
 * @param sent     datagrams that went by them
 * @param drops    datagrams lost on the way, by cause
 * @param shortfall the reason why it is open with less than was asked for, or null
 * @param failures how many of those it had before were given up, by reason
 */
public record VirtualInterfaceState(String name, String datapath, boolean open, String mode, int mtu, boolean usable, String reason,
                                    Map<NicEvent, Long> events, long frames, long received, long sent, Map<String, Long> drops,
                                    String shortfall, Map<String, Long> failures) {
}
