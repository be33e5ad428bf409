package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.afxdp.AfXdpDatapath;
import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.route.NetworkDevice;
import io.accel.udp.route.NetworkDevices;
import java.util.List;

/** The datapaths for who asks what would be: each says what it would open, or why not, and leaves the interface alone. */
final class LookedAtDatapaths implements DatapathSource {
    private final DatapathSource datapaths = new Datapaths();
    private final NetworkDevices devices;

    /** @param devices stays the caller's */
    LookedAtDatapaths(NetworkDevices devices) {
        this.devices = devices;
    }

    @Override
    public Datapath byName(String name) throws DatapathException {
        final Datapath datapath = datapaths.byName(name);
        return new Datapath() {
            @Override
            public String name() {
                return datapath.name();
            }

            @Override
            public VirtualInterface open(String ifName, Configuration configuration) throws DatapathException {
                if (datapath.name().equals(AfXdpDatapath.NAME)) {
                    checkFree(ifName);
                }
                return new LookedAtInterface(datapath.check(ifName, configuration));
            }
        };
    }

    @Override
    public List<Entry> offered() {
        return datapaths.offered();
    }

    /** The kernel runs one program on an interface, and whoever attached it keeps it. */
    private void checkFree(String ifName) throws DatapathException {
        final NetworkDevice device = devices.byName(ifName);
        if (device != null && device.xdp() != 0) {
            throw new DatapathException(Reason.QUEUE_TAKEN, "an XDP program is attached to " + ifName
                + " already, perhaps by a program with Accel that runs: './accel stackdump' and 'ip link show dev " + ifName + "' tell");
        }
    }
}
