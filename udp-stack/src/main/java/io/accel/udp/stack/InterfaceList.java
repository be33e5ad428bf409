package io.accel.udp.stack;

import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection;
import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.config.Options;
import java.util.List;

/**
 * What {@code accel.interfaces} and {@code accel.enabled} come to.
 *
 * @param hasSharedMemory whether local addresses go through shared memory
 * @param ethernet        interfaces that are named with a datapath of their own
 * @param isAutomatic     whether those that drivers offer are used as well, since none is named
 */
record InterfaceList(boolean hasSharedMemory, List<Entry> ethernet, boolean isAutomatic) {
    private static final String SHARED_MEMORY = "shm";

    static InterfaceList of(Configuration configuration) {
        if (!configuration.get(Options.ENABLED)) {
            return new InterfaceList(false, List.of(), false);
        }
        final InterfaceSelection selection = InterfaceSelection.of(configuration);
        final boolean automatic = selection.mode() == InterfaceSelection.Mode.AUTO;
        final boolean shm = automatic || selection.entries().stream().anyMatch(e -> e.datapath().equals(SHARED_MEMORY));
        return new InterfaceList(shm, selection.entries().stream().filter(e -> !e.datapath().equals(SHARED_MEMORY)).toList(),
            automatic);
    }
}
