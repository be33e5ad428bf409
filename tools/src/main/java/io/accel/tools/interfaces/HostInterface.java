package io.accel.tools.interfaces;

import io.accel.core.natives.InterfaceDriver;
import io.accel.core.vi.NicDescription;
import io.accel.udp.route.NetworkDevice;
import java.util.List;

/** An interface as the survey found it. @param nic what the NIC tells, or null where none does */
record HostInterface(NetworkDevice device, InterfaceDriver driver, List<Verdict> verdicts, NicDescription nic) {
    /** The driver's name, or what stands for it where the kernel needs none. */
    String driverName() {
        return !driver.name().isEmpty() ? driver.name() : device.loopback() ? "loopback" : device.kind();
    }

    /** The verdict on a datapath, or null where it is not meant for such an interface. */
    Verdict verdict(String datapath) {
        return verdicts.stream().filter(each -> each.datapath().equals(datapath)).findFirst().orElse(null);
    }
}
