package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Wire;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./accel interfaces}, on a host with a simulated NIC and on others. */
class InterfacesCommandTest {
    private static final int COLUMNS = 100;

    private static Program interfaces(Host host, String environment) {
        return Program.start(host, "env ACCEL_EFVI_LIBRARY=" + System.getProperty("efvi.simulator") + " " + environment + " "
            + Path.of("../accel").toAbsolutePath().normalize() + " interfaces").succeed();
    }

    /** A device has its carrier a moment after both ends are up. */
    private static Host up(Host host) {
        Await.until(host.device() + " up", () -> host.run("ip link show " + host.device()).contains("state UP"));
        return host;
    }

    @ParameterizedTest
    @CsvSource({"7000, ef10-A1, ef10 pio, PIO", "x2, ef10-A1, ef10 ctpio, CTPIO", "x3, efct-A1, efct ctpio, TX by CTPIO only"})
    void tellsWhatTheNicIsAndCan(String nic, String architecture, String mode, String capability) {
        try (Wire wire = Wire.direct()) {
            final String told = interfaces(up(wire.b()), "ACCEL_EFVI_TX_TIMESTAMPS=true SIM_NIC=" + nic).out();
            assertThat(told.lines()).allMatch(line -> line.length() <= COLUMNS);
            assertThat(told).containsPattern("  lo +loopback +up +65536 +- +yes +- +-\n")
                .containsPattern("  vb +veth +up +1500 +" + wire.b().mac() + " +- +yes +yes\n");
            assertThat(told.replaceAll("\\s+", " ")).contains("vb: architecture " + architecture + ", MTU 1500, MAC " + wire.b().mac()
                + ", driver veth ", ", libciul simulated, as set up: " + mode, " capabilities: ", capability,
                nic.equals("x3") ? "statistics: this NIC keeps none" : "statistics: RX CRC errors 0, ",
                " events: TX_WITH_TIMESTAMP 0, ");
        }
    }

    @ParameterizedTest
    @CsvSource({"driver=ENOENT, NO_DRIVER, onload_tool reload", "driver=EACCES, NO_PRIVILEGE, let this user open /dev/sfc_char",
        "vi=EBUSY, QUEUE_TAKEN, stop another program"})
    void tellsWhyTheNicCannotBeUsed(String fault, String reason, String remedy) {
        try (Wire wire = Wire.direct()) {
            final String told = interfaces(up(wire.b()), "SIM_FAULTS=" + fault).out().replaceAll("\\s+", " ");
            assertThat(told).contains("vb efvi: " + reason + ": efvi on vb: ", remedy).doesNotContain("capabilities:");
        }
    }

    @Test
    void withoutANicOrAPrivilegeItTellsTheRemedies() {
        try (Wire wire = Wire.direct()) {
            wire.b().run("ip link set vb down");
            final Program asked = Jvm.plain().byNobody().tool(wire.b(), "interfaces").succeed();
            assertThat(asked.out().lines()).allMatch(line -> line.length() <= COLUMNS);
            assertThat(asked.out()).containsPattern("  vb +veth +down +1500 +" + wire.b().mac() + " +- +no +no\n")
                .contains("vb afxdp: INTERFACE_DOWN: ", "vb efvi: NO_DRIVER: the driver, veth, is none of a NIC with ef_vi: sfc");
            assertThat(asked.err()).isEmpty();
            wire.b().run("ip link set vb up");
            final Program json = Jvm.plain().byNobody().tool(up(wire.b()), "interfaces --json").succeed();
            assertThat(json.out().replaceAll("\\s+", " ")).contains("\"afxdp\": { \"available\": false, \"reason\": \"NO_PRIVILEGE\",",
                "\"remedy\": \"afxdp on vb: AF_XDP needs the capabilities CAP_NET_RAW", "\"shm\": { \"available\": true,");
        }
    }
}
