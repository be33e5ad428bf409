package io.accel.tools.interfaces;

import io.accel.core.Reason;
import io.accel.core.afxdp.AfXdpDatapath;
import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.efvi.EfviDatapath;
import io.accel.core.natives.InterfaceDriver;
import io.accel.core.shm.ShmDomain;
import io.accel.core.vi.NicDescription;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.route.NetworkDevice;
import io.accel.udp.route.NetworkDevices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Looks at each interface with the datapaths' own eyes: shared memory and ef_vi are opened and closed, AF_XDP is only asked. */
final class Survey {
    private final Configuration configuration;
    private final AfXdpDatapath afxdp = new AfXdpDatapath();
    private final EfviDatapath efvi = new EfviDatapath();

    Survey(Configuration configuration) {
        this.configuration = configuration;
    }

    List<HostInterface> run() throws IOException {
        final List<HostInterface> found = new ArrayList<>();
        try (NetworkDevices devices = NetworkDevices.open()) {
            for (final NetworkDevice device : devices.all()) {
                found.add(look(device));
            }
        }
        return found;
    }

    private HostInterface look(NetworkDevice device) {
        final InterfaceDriver driver = InterfaceDriver.of(device.name());
        if (device.loopback()) {
            return new HostInterface(device, driver, List.of(sharedMemory()), null);
        }
        final List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(afxdp(device.name()));
        if (!efvi.isLibraryThere(configuration) && !EfviDatapath.DRIVERS.contains(driver.name())) {
            verdicts.add(new Verdict("efvi", Reason.NO_DRIVER, "the driver" + (driver.name().isEmpty() ? "" : ", " + driver.name() + ",")
                + " is none of a NIC with ef_vi: " + String.join(", ", EfviDatapath.DRIVERS)));
            return new HostInterface(device, driver, verdicts, null);
        }
        NicDescription nic = null;
        try (VirtualInterface vi = efvi.open(device.name(), configuration)) {
            nic = vi.nic().orElse(null);
            verdicts.add(new Verdict("efvi", null, vi.capabilities().mode()
                + vi.shortfall().map(each -> "; " + each.reason() + ": " + each.message()).orElse("")));
        } catch (final DatapathException e) {
            verdicts.add(new Verdict("efvi", e.reason(), e.getMessage()));
        }
        return new HostInterface(device, driver, verdicts, nic);
    }

    private Verdict afxdp(String name) {
        try {
            afxdp.check(name, configuration);
            return new Verdict("afxdp", null, "as far as can be told without attaching");
        } catch (final DatapathException e) {
            return new Verdict("afxdp", e.reason(), e.getMessage());
        }
    }

    private Verdict sharedMemory() {
        try {
            ShmDomain.open(configuration).close();
            return new Verdict("shm", null, "between programs on this host, by any of its addresses");
        } catch (final DatapathException e) {
            return new Verdict("shm", e.reason(), e.getMessage());
        }
    }
}
