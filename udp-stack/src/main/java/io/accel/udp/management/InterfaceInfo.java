package io.accel.udp.management;

import io.accel.udp.state.VirtualInterfaceState;
import java.util.Map;

/** A virtual interface at one moment; a composite of these attributes to clients. */
public final class InterfaceInfo {
    private final VirtualInterfaceState state;

    InterfaceInfo(VirtualInterfaceState state) {
        this.state = state;
    }

    /** Of the network interface; {@code lo}: shared memory. */
    public String getName() {
        return state.name();
    }

    /** As {@code afxdp}. */
    public String getDatapath() {
        return state.datapath();
    }

    /** Whether there is one now. */
    public boolean isOpen() {
        return state.open();
    }

    /** Of the datapath, as {@code generic}; null where it is not open. */
    public String getMode() {
        return state.mode();
    }

    /** Why it is not open; null: it is, or no channel has wanted it yet. */
    public String getReason() {
        return state.reason();
    }

    /** Datagrams that came by it. */
    public long getReceived() {
        return state.received();
    }

    /** Datagrams that went by it. */
    public long getSent() {
        return state.sent();
    }

    /** Datagrams that were lost on the way, by cause. */
    public Map<String, Long> getDrops() {
        return state.drops();
    }
}
