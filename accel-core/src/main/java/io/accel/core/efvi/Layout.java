package io.accel.core.efvi;

import io.accel.core.memory.Memory;

/** Offsets, sizes and numbers of the C side (native/efvi/efvi.h), asked from it once. */
final class Layout {
    /** {@code enum open_flags}. */
    static final int OPEN_CTPIO = 1;
    static final int OPEN_MERGE = 2;
    static final int OPEN_TIMESTAMPS = 4;
    static final int OPEN_STORE = 8;
    static final int OPEN_CUT_THROUGH = 16;
    static final int OPEN_TX_TIMESTAMPS = 32;
    /** {@code ef_pd_flags}. */
    static final int DOMAIN_VF = 1;
    static final int DOMAIN_PHYS_MODE = 2;
    static final int DOMAIN_EXPRESS = 0x80;
    /** Fields of a filter request. */
    static final int FIELD_LOCAL = 1;
    static final int FIELD_REMOTE = 2;
    static final int FIELD_PROTOCOL = 4;
    static final int FIELD_VLAN = 8;
    static final int FIELD_ETHER_TYPE = 16;
    static final int FIELD_MAC = 32;
    static final int FIELD_QUEUE = 64;

    static final int FACTS_BYTES;
    static final int MEMORY;
    static final int MEMORY_BYTES;
    static final int RECEIVE;
    static final int TRANSMIT;
    static final int GIVEN_BACK;
    static final int RECEIVE_COUNTERS;
    static final int WINDOWS;
    static final int SENDS;
    static final int DONE;
    static final int TRANSMIT_COUNTERS;
    static final int HUGE_PAGES;
    static final int ARCH;
    static final int VARIANT;
    static final int REVISION;
    static final int MTU;
    static final int RECEIVE_DESCRIPTOR;
    static final int TRANSMIT_CAPACITY;
    static final int TRANSMIT_LONGEST;
    static final int LENDS;
    static final int STAMPS;
    static final int TRANSMIT_STAMPS;
    static final int MERGES;
    static final int CTPIO;
    static final int CTPIO_ONLY;
    static final int PIO;
    static final int SOFTWARE_CHECKSUMS;
    static final int MULTICAST_REPLICATION;
    static final int CLUSTERED;
    static final int VIS;
    static final int SET_REFUSED;
    static final int MAC;
    static final int INTERFACE;

    static final int FILTER_BYTES;
    static final int FILTER_FIELDS;
    static final int FILTER_FAMILY;
    static final int FILTER_PROTOCOL;
    static final int FILTER_LOCAL_PORT;
    static final int FILTER_REMOTE_PORT;
    static final int FILTER_VLAN;
    static final int FILTER_ETHER_TYPE;
    static final int FILTER_SCOPE;
    static final int FILTER_QUEUE;
    static final int FILTER_MAC;
    static final int FILTER_LOCAL;
    static final int FILTER_REMOTE;
    static final int FILTER_ID;
    static final int FILTER_TYPE;

    static final int SEND_BYTES;
    static final int SEND_BUFFER;
    static final int SEND_LENGTH;
    static final int SEND_MORE;

    static final int WINDOW_BITS;
    static final int MAX_PARTS;
    /** Indices of counters. */
    static final int RX_DISCARDS;
    static final int RX_NO_DESC_TRUNC;
    static final int RX_UNREACHABLE;
    static final int RX_SOFTWARE_EVENTS;
    static final int RX_UNKNOWN_EVENTS;
    static final int TX_ERRORS;
    static final int TX_LOST;
    static final int TX_FIFO_FULL;
    static final int TX_STALLED;
    static final int TX_CTPIO;
    static final int TX_STAMPED;
    static final int TX_SOFTWARE_EVENTS;
    static final int TX_UNKNOWN_EVENTS;
    /** Within a receive side. */
    static final int FREE_COUNT;

    static {
        final long values = Memory.allocateAligned(512, Long.BYTES);
        EfviNative.layout(values);
        int i = 0;
        FACTS_BYTES = Memory.getInt(values + 4 * i++);
        MEMORY = Memory.getInt(values + 4 * i++);
        MEMORY_BYTES = Memory.getInt(values + 4 * i++);
        RECEIVE = Memory.getInt(values + 4 * i++);
        TRANSMIT = Memory.getInt(values + 4 * i++);
        GIVEN_BACK = Memory.getInt(values + 4 * i++);
        RECEIVE_COUNTERS = Memory.getInt(values + 4 * i++);
        WINDOWS = Memory.getInt(values + 4 * i++);
        SENDS = Memory.getInt(values + 4 * i++);
        DONE = Memory.getInt(values + 4 * i++);
        TRANSMIT_COUNTERS = Memory.getInt(values + 4 * i++);
        HUGE_PAGES = Memory.getInt(values + 4 * i++);
        ARCH = Memory.getInt(values + 4 * i++);
        VARIANT = Memory.getInt(values + 4 * i++);
        REVISION = Memory.getInt(values + 4 * i++);
        MTU = Memory.getInt(values + 4 * i++);
        RECEIVE_DESCRIPTOR = Memory.getInt(values + 4 * i++);
        TRANSMIT_CAPACITY = Memory.getInt(values + 4 * i++);
        TRANSMIT_LONGEST = Memory.getInt(values + 4 * i++);
        LENDS = Memory.getInt(values + 4 * i++);
        STAMPS = Memory.getInt(values + 4 * i++);
        TRANSMIT_STAMPS = Memory.getInt(values + 4 * i++);
        MERGES = Memory.getInt(values + 4 * i++);
        CTPIO = Memory.getInt(values + 4 * i++);
        CTPIO_ONLY = Memory.getInt(values + 4 * i++);
        PIO = Memory.getInt(values + 4 * i++);
        SOFTWARE_CHECKSUMS = Memory.getInt(values + 4 * i++);
        MULTICAST_REPLICATION = Memory.getInt(values + 4 * i++);
        CLUSTERED = Memory.getInt(values + 4 * i++);
        VIS = Memory.getInt(values + 4 * i++);
        SET_REFUSED = Memory.getInt(values + 4 * i++);
        MAC = Memory.getInt(values + 4 * i++);
        INTERFACE = Memory.getInt(values + 4 * i++);
        FILTER_BYTES = Memory.getInt(values + 4 * i++);
        FILTER_FIELDS = Memory.getInt(values + 4 * i++);
        FILTER_FAMILY = Memory.getInt(values + 4 * i++);
        FILTER_PROTOCOL = Memory.getInt(values + 4 * i++);
        FILTER_LOCAL_PORT = Memory.getInt(values + 4 * i++);
        FILTER_REMOTE_PORT = Memory.getInt(values + 4 * i++);
        FILTER_VLAN = Memory.getInt(values + 4 * i++);
        FILTER_ETHER_TYPE = Memory.getInt(values + 4 * i++);
        FILTER_SCOPE = Memory.getInt(values + 4 * i++);
        FILTER_QUEUE = Memory.getInt(values + 4 * i++);
        FILTER_MAC = Memory.getInt(values + 4 * i++);
        FILTER_LOCAL = Memory.getInt(values + 4 * i++);
        FILTER_REMOTE = Memory.getInt(values + 4 * i++);
        FILTER_ID = Memory.getInt(values + 4 * i++);
        FILTER_TYPE = Memory.getInt(values + 4 * i++);
        SEND_BYTES = Memory.getInt(values + 4 * i++);
        SEND_BUFFER = Memory.getInt(values + 4 * i++);
        SEND_LENGTH = Memory.getInt(values + 4 * i++);
        SEND_MORE = Memory.getInt(values + 4 * i++);
        WINDOW_BITS = Memory.getInt(values + 4 * i++);
        MAX_PARTS = Memory.getInt(values + 4 * i++);
        RX_DISCARDS = Memory.getInt(values + 4 * i++);
        RX_NO_DESC_TRUNC = Memory.getInt(values + 4 * i++);
        RX_UNREACHABLE = Memory.getInt(values + 4 * i++);
        RX_SOFTWARE_EVENTS = Memory.getInt(values + 4 * i++);
        RX_UNKNOWN_EVENTS = Memory.getInt(values + 4 * i++);
        TX_ERRORS = Memory.getInt(values + 4 * i++);
        TX_LOST = Memory.getInt(values + 4 * i++);
        TX_FIFO_FULL = Memory.getInt(values + 4 * i++);
        TX_STALLED = Memory.getInt(values + 4 * i++);
        TX_CTPIO = Memory.getInt(values + 4 * i++);
        TX_STAMPED = Memory.getInt(values + 4 * i++);
        TX_SOFTWARE_EVENTS = Memory.getInt(values + 4 * i++);
        TX_UNKNOWN_EVENTS = Memory.getInt(values + 4 * i++);
        FREE_COUNT = Memory.getInt(values + 4 * i);
        Memory.freeAligned(values);
    }

    private Layout() {
    }
}
