package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NICs are found by what sysfs tells of their drivers. */
class EfviNicsTest {
    @TempDir
    private Path interfaces;

    private void add(String name, String driver) throws IOException {
        Files.createSymbolicLink(Files.createDirectories(interfaces.resolve(name).resolve("device")).resolve("driver"),
            Path.of("../../../../bus/pci/drivers", driver));
    }

    @Test
    void thoseWithADriverOfTheFamilyAreFound() throws IOException {
        add("eth3", "xilinx_efct");
        add("eth1", "sfc");
        add("eth0", "virtio_net");
        add("eth2", "sfcx");
        Files.createDirectory(interfaces.resolve("veth0"));
        Files.createDirectories(interfaces.resolve("unbound0/device"));
        Files.createFile(interfaces.resolve("bonding_masters"));
        assertThat(EfviNics.find(interfaces)).containsExactly("eth1", "eth3");
    }

    @Test
    void withoutSysfsThereIsNone() {
        assertThat(EfviNics.find(interfaces.resolve("nowhere"))).isEmpty();
    }
}
