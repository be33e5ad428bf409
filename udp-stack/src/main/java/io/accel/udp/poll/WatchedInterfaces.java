package io.accel.udp.poll;

import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The interfaces that may wake a sleeper. Gone through by index before each sleep: an iterator would be garbage. The sleeping thread's.
 */
public final class WatchedInterfaces {
    private final Sleeper sleeper;
    private final long data;
    private final List<EthernetInterface> watched = new ArrayList<>();

    /** @param data what the sleeper reports them with, as {@link Sleeper#add} takes it */
    public WatchedInterfaces(Sleeper sleeper, long data) {
        this.sleeper = sleeper;
        this.data = data;
    }

    /** Watches those that are new, and forgets those that have failed. @param all the interfaces that there are now */
    public void refresh(EthernetInterface[] all) throws IOException {
        for (final EthernetInterface each : all) {
            if (!watched.contains(each) && each.watch(sleeper, data)) {
                watched.add(each);
            }
        }
        for (int i = watched.size() - 1; i >= 0; i--) {
            if (!watched.get(i).isUsable()) {
                watched.remove(i);
            }
        }
    }

    /** Asks each to wake the sleeper. @return whether one has something already, so that nothing may wake it */
    public boolean prime() {
        boolean pending = false;
        for (int i = 0; i < watched.size(); i++) {
            pending |= watched.get(i).prime();
        }
        return pending;
    }
}
