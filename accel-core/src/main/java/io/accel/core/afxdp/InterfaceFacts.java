package io.accel.core.afxdp;

import io.accel.core.memory.Memory;

import java.nio.charset.StandardCharsets;

/**
 * What the kernel tells of an interface to anybody.
 *
 * @param mac      hardware address in the low 48 bits, first byte on the wire highest
 * @param mtu      bytes without the Ethernet header
 * @param driver   as ethtool names it, or empty
 * @param rxQueues at least 1
 */
record InterfaceFacts(String name, int index, boolean up, boolean ethernet, long mac, int mtu, String driver, int rxQueues) {
    private static final int DRIVER_BYTES = 32;

    /** @throws SetUpFailure ENODEV when there is no such interface in this network namespace */
    static InterfaceFacts read(String name) throws SetUpFailure {
        final long facts = Memory.allocateAligned(Layout.FACTS_BYTES, Long.BYTES);
        try {
            final int error = AfXdpNative.interfaceFacts(name, facts);
            if (error != 0) {
                throw new SetUpFailure(SetUpFailure.Step.SOCKET, -error);
            }
            final int type = Memory.getInt(facts + Layout.FACTS_HARDWARE_TYPE);
            return new InterfaceFacts(name, Memory.getInt(facts + Layout.FACTS_INDEX),
                (Memory.getInt(facts + Layout.FACTS_FLAGS) & Layout.FLAG_UP) != 0,
                type == Layout.TYPE_ETHERNET || type == Layout.TYPE_LOOPBACK, mac(facts + Layout.FACTS_MAC),
                Memory.getInt(facts + Layout.FACTS_MTU), text(facts + Layout.FACTS_DRIVER),
                Memory.getInt(facts + Layout.FACTS_RX_QUEUES));
        } finally {
            Memory.freeAligned(facts);
        }
    }

    private static long mac(long at) {
        long mac = 0;
        for (int i = 0; i < 6; i++) {
            mac = mac << 8 | Memory.getByte(at + i) & 0xFF;
        }
        return mac;
    }

    private static String text(long at) {
        final byte[] bytes = new byte[DRIVER_BYTES];
        int length = 0;
        while (length < DRIVER_BYTES && Memory.getByte(at + length) != 0) {
            bytes[length] = Memory.getByte(at + length++);
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
