package io.accel.udp.stack;

import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Which interfaces are to be opened, and by what: those that {@code accel.interfaces} names, or, where it names none, those whose drivers
 * offer a datapath. One that was offered stays: while its device is gone nobody means it.
 */
final class Candidates {
    private final DatapathSource datapaths;
    private final boolean automatic;
    private volatile List<Entry> all;

    Candidates(Configuration configuration, DatapathSource datapaths) {
        this.datapaths = datapaths;
        final InterfaceList list = InterfaceList.of(configuration);
        automatic = list.isAutomatic();
        all = list.ethernet();
        discover();
    }

    /** Looks for more: a NIC may have come. */
    void discover() {
        if (!automatic) {
            return;
        }
        List<Entry> found = all;
        for (final Entry each : datapaths.offered()) {
            if (found.stream().noneMatch(known -> known.interfaceName().equals(each.interfaceName()))) {
                found = new ArrayList<>(found);
                found.add(each);
            }
        }
        all = found;
    }

    List<Entry> all() {
        return all;
    }

    /** Whether nobody has named them, so that what cannot be opened is no news. */
    boolean areOffered() {
        return automatic;
    }
}
