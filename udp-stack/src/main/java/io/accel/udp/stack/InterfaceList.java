package io.accel.udp.stack;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import java.util.ArrayList;
import java.util.List;

record InterfaceList(boolean hasSharedMemory, List<Named> ethernet) {
    record Named(String interfaceName, String datapath) {
    }

    static InterfaceList of(Configuration configuration) {
        if (!configuration.get(Options.ENABLED)) {
            return new InterfaceList(false, List.of());
        }
        final String text = configuration.get(Options.INTERFACES);
        boolean shm = text.equals("auto");
        final List<Named> ethernet = new ArrayList<>();
        if (!shm && !text.equals("none")) {
            for (final String each : text.split(",")) {
                final String[] p = each.split(":");
                if (p[1].equals("shm")) {
                    shm = true;
                } else {
                    ethernet.add(new Named(p[0], p[1]));
                }
            }
        }
        return new InterfaceList(shm, ethernet);
    }
}
