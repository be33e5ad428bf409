package io.accel.tools.doctor;

import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection;
import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.config.Options;
import java.util.List;

/** What the options ask for, as far as the host has to provide it. */
record Wanted(Configuration configuration) {
    private static final int FRAME = 2048;

    List<Entry> entries() {
        return InterfaceSelection.of(configuration).entries();
    }

    /** Whether an interface is named with this datapath. */
    boolean isNamed(String datapath) {
        return entries().stream().anyMatch(entry -> entry.datapath().equals(datapath));
    }

    /** Whether this interface is named with this datapath. */
    boolean isNamed(String datapath, String device) {
        return entries().contains(new Entry(device, datapath));
    }

    /** What the packet buffers of the interfaces named, or of one if none is, take of the limit of locked memory. */
    long lockedBytes() {
        final long interfaces = entries().stream().filter(entry -> entry.datapath().equals("afxdp")).count();
        return Math.max(interfaces, 1) * frames() * FRAME;
    }

    long frames() {
        return configuration.get(Options.XDP_FRAMES);
    }

    int ring() {
        return configuration.get(Options.XDP_RING);
    }

    String shmDirectory() {
        return configuration.get(Options.SHM_DIRECTORY);
    }
}
