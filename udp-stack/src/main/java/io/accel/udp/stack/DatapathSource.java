package io.accel.udp.stack;

import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;
import java.util.List;

/** Where the stack gets the datapaths that drive interfaces. */
public interface DatapathSource {
    /** @throws DatapathException when there is none of that name */
    Datapath byName(String name) throws DatapathException;

    /** Interfaces that need not be named, since their drivers offer a datapath and its use harms nobody. Asked again and again. */
    default List<Entry> offered() {
        return List.of();
    }
}
