package io.accel.core.efvi;

import io.accel.core.memory.Memory;

/**
 * What an open VI is made of: where the shared arrays lie, and what the NIC can do. Read once, for each of its receive sides.
 *
 * @param vis        receive sides
 * @param setRefused 0, or the errno for which there is one instead of a set
 */
record NicFacts(long memory, int memoryBytes, long receive, long transmit, long givenBack, long receiveCounters, long windows, long sends,
                long done, long transmitCounters, boolean hugePages, String architecture, char variant, int revision, int mtu,
                int transmitCapacity, int transmitLongest, boolean lends, boolean stamps, boolean stampsSent, boolean merges, boolean ctpio,
                boolean pio, boolean softwareChecksums, boolean replicatesMulticast, boolean clustered, int vis, int setRefused, long mac,
                String interfaceName) {
    /** {@code enum ef_vi_arch}. */
    private static final String[] ARCHITECTURES = {"falcon", "ef10", "ef100", "efct", "af_xdp", "ef10ct"};
    private static final int MAC_BYTES = 6;

    static NicFacts read(long handle, int side) {
        final long at = Memory.allocateAligned(Layout.FACTS_BYTES, Long.BYTES);
        try {
            EfviNative.facts(handle, side, at);
            return of(at);
        } finally {
            Memory.freeAligned(at);
        }
    }

    private static NicFacts of(long at) {
        final int arch = Memory.getInt(at + Layout.ARCH);
        long mac = 0;
        for (int i = 0; i < MAC_BYTES; i++) {
            mac = mac << 8 | Memory.getByte(at + Layout.MAC + i) & 0xFF;
        }
        return new NicFacts(Memory.getLong(at + Layout.MEMORY), Math.toIntExact(Memory.getLong(at + Layout.MEMORY_BYTES)),
            Memory.getLong(at + Layout.RECEIVE), Memory.getLong(at + Layout.TRANSMIT), Memory.getLong(at + Layout.GIVEN_BACK),
            Memory.getLong(at + Layout.RECEIVE_COUNTERS), Memory.getLong(at + Layout.WINDOWS), Memory.getLong(at + Layout.SENDS),
            Memory.getLong(at + Layout.DONE), Memory.getLong(at + Layout.TRANSMIT_COUNTERS), flag(at + Layout.HUGE_PAGES),
            arch >= 0 && arch < ARCHITECTURES.length ? ARCHITECTURES[arch] : "architecture " + arch,
            (char) Memory.getInt(at + Layout.VARIANT), Memory.getInt(at + Layout.REVISION), Memory.getInt(at + Layout.MTU),
            Memory.getInt(at + Layout.TRANSMIT_CAPACITY), Memory.getInt(at + Layout.TRANSMIT_LONGEST), flag(at + Layout.LENDS),
            flag(at + Layout.STAMPS), flag(at + Layout.TRANSMIT_STAMPS), flag(at + Layout.MERGES), flag(at + Layout.CTPIO),
            flag(at + Layout.PIO), flag(at + Layout.SOFTWARE_CHECKSUMS), flag(at + Layout.MULTICAST_REPLICATION),
            flag(at + Layout.CLUSTERED), Memory.getInt(at + Layout.VIS), -Memory.getInt(at + Layout.SET_REFUSED), mac,
            text(at + Layout.INTERFACE));
    }

    private static String text(long at) {
        final StringBuilder text = new StringBuilder();
        for (long i = at; Memory.getByte(i) != 0; i++) {
            text.append((char) Memory.getByte(i));
        }
        return text.toString();
    }

    private static boolean flag(long at) {
        return Memory.getInt(at) != 0;
    }

    /** What runs, as reports name it. */
    String mode() {
        return architecture + (clustered ? " cluster" : "") + (vis > 1 ? " " + vis + "-vis" : "")
            + (ctpio ? " ctpio" : pio ? " pio" : " dma") + (merges ? " merged" : "") + (hugePages ? "" : " small-pages");
    }
}
