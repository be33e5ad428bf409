package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.afxdp.AfXdpDatapath;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;
import io.accel.core.efvi.EfviDatapath;

/** The datapaths that drive interfaces, by the names that users give. */
final class Datapaths {
    private static final Datapath AFXDP = new AfXdpDatapath();
    private static final Datapath EFVI = new EfviDatapath();

    private Datapaths() {
    }

    static Datapath byName(String name) throws DatapathException {
        return switch (name) {
            case "afxdp" -> AFXDP;
            case "efvi" -> EFVI;
            default -> throw new DatapathException(Reason.NO_DRIVER, "there is no datapath '" + name + "'; use afxdp or efvi");
        };
    }
}
