package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.afxdp.AfXdpDatapath;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;

/** The datapaths that drive interfaces, by the names that users give. */
final class Datapaths {
    private static final Datapath AFXDP = new AfXdpDatapath();

    private Datapaths() {
    }

    static Datapath byName(String name) throws DatapathException {
        if (name.equals("afxdp")) {
            return AFXDP;
        }
        throw new DatapathException(Reason.NO_DRIVER, "there is no datapath '" + name + "'; use afxdp");
    }
}
