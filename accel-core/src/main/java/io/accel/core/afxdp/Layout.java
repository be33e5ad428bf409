package io.accel.core.afxdp;

import io.accel.core.memory.Memory;

/** Offsets, sizes and flags of the C side, asked from it once. */
final class Layout {
    static final int DESC_BYTES;
    static final int DESC_ADDRESS;
    static final int DESC_LENGTH;
    static final int DESC_OPTIONS;
    static final int RING_NEED_WAKEUP;

    static final int FACTS_BYTES;
    static final int FACTS_INDEX;
    static final int FACTS_FLAGS;
    static final int FACTS_MTU;
    static final int FACTS_HARDWARE_TYPE;
    static final int FACTS_RX_QUEUES;
    static final int FACTS_MAC;
    static final int FACTS_DRIVER;

    static final int XSK_BYTES;
    static final int XSK_FD;
    static final int XSK_STEP;
    static final int XSK_RX;
    static final int XSK_FILL;
    static final int XSK_TX;
    static final int XSK_COMPLETION;

    static final int RING_PRODUCER;
    static final int RING_CONSUMER;
    static final int RING_FLAGS;
    static final int RING_ENTRIES;

    static final int MAX_QUEUES;
    static final int BIND_COPY;
    static final int BIND_ZERO_COPY;
    static final int BIND_NEED_WAKEUP;
    static final int ATTACH_GENERIC;
    static final int ATTACH_NATIVE;
    static final int FLAG_UP;
    static final int TYPE_ETHERNET;
    static final int TYPE_LOOPBACK;

    static {
        final long values = Memory.allocateAligned(256, Long.BYTES);
        AfXdpNative.layout(values);
        int i = 0;
        DESC_BYTES = Memory.getInt(values + 4 * i++);
        DESC_ADDRESS = Memory.getInt(values + 4 * i++);
        DESC_LENGTH = Memory.getInt(values + 4 * i++);
        DESC_OPTIONS = Memory.getInt(values + 4 * i++);
        RING_NEED_WAKEUP = Memory.getInt(values + 4 * i++);
        FACTS_BYTES = Memory.getInt(values + 4 * i++);
        FACTS_INDEX = Memory.getInt(values + 4 * i++);
        FACTS_FLAGS = Memory.getInt(values + 4 * i++);
        FACTS_MTU = Memory.getInt(values + 4 * i++);
        FACTS_HARDWARE_TYPE = Memory.getInt(values + 4 * i++);
        FACTS_RX_QUEUES = Memory.getInt(values + 4 * i++);
        FACTS_MAC = Memory.getInt(values + 4 * i++);
        FACTS_DRIVER = Memory.getInt(values + 4 * i++);
        XSK_BYTES = Memory.getInt(values + 4 * i++);
        XSK_FD = Memory.getInt(values + 4 * i++);
        XSK_STEP = Memory.getInt(values + 4 * i++);
        XSK_RX = Memory.getInt(values + 4 * i++);
        XSK_FILL = Memory.getInt(values + 4 * i++);
        XSK_TX = Memory.getInt(values + 4 * i++);
        XSK_COMPLETION = Memory.getInt(values + 4 * i++);
        RING_PRODUCER = Memory.getInt(values + 4 * i++);
        RING_CONSUMER = Memory.getInt(values + 4 * i++);
        RING_FLAGS = Memory.getInt(values + 4 * i++);
        RING_ENTRIES = Memory.getInt(values + 4 * i++);
        MAX_QUEUES = Memory.getInt(values + 4 * i++);
        BIND_COPY = Memory.getInt(values + 4 * i++);
        BIND_ZERO_COPY = Memory.getInt(values + 4 * i++);
        BIND_NEED_WAKEUP = Memory.getInt(values + 4 * i++);
        ATTACH_GENERIC = Memory.getInt(values + 4 * i++);
        ATTACH_NATIVE = Memory.getInt(values + 4 * i++);
        FLAG_UP = Memory.getInt(values + 4 * i++);
        TYPE_ETHERNET = Memory.getInt(values + 4 * i++);
        TYPE_LOOPBACK = Memory.getInt(values + 4 * i);
        Memory.freeAligned(values);
    }

    private Layout() {
    }
}
