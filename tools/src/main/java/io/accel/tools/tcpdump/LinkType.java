package io.accel.tools.tcpdump;

import io.accel.core.vi.Medium;

/** What an interface's packets begin with: the numbers are those of tcpdump.org/linktypes.html, and on this host of pcap/dlt.h. */
enum LinkType {
    ETHERNET(1, 1),
    /** An IPv4 or an IPv6 header, as its first four bits tell. */
    RAW(101, 12);

    /** The longest packet that is captured. */
    static final int SNAP = 262_144;

    private final int number;
    private final int dlt;

    LinkType(int number, int dlt) {
        this.number = number;
        this.dlt = dlt;
    }

    /** In files. */
    int number() {
        return number;
    }

    /** In libpcap's functions. */
    int dlt() {
        return dlt;
    }

    static LinkType of(Medium medium) {
        return medium == Medium.ETHERNET ? ETHERNET : RAW;
    }
}
