package io.accel.udp.stack;

import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;

/** Where the stack gets the datapaths that drive named interfaces. */
public interface DatapathSource {
    /** @throws DatapathException when there is none of that name */
    Datapath byName(String name) throws DatapathException;
}
