package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.afxdp.AfXdpDatapath;
import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;
import io.accel.core.efvi.EfviDatapath;
import io.accel.core.efvi.EfviNics;
import java.util.List;

/** The datapaths that drive interfaces, by the names that users give. AF_XDP is never offered: attaching to an interface can reset it. */
final class Datapaths implements DatapathSource {
    private static final Datapath AFXDP = new AfXdpDatapath();
    private static final Datapath EFVI = new EfviDatapath();

    @Override
    public Datapath byName(String name) throws DatapathException {
        return switch (name) {
            case "afxdp" -> AFXDP;
            case "efvi" -> EFVI;
            default -> throw new DatapathException(Reason.NO_DRIVER, "there is no datapath '" + name + "'; use afxdp or efvi");
        };
    }

    @Override
    public List<Entry> offered() {
        return EfviNics.find().stream().map(name -> new Entry(name, EFVI.name())).toList();
    }
}
