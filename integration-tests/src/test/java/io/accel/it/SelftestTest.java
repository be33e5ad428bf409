package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Wire;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./accel selftest efvi}, on simulated NICs with the kernel at the other end, and where it must fail. */
class SelftestTest {
    private static final String ACCEL = Path.of("../accel").toAbsolutePath().normalize().toString();
    /** The simulated NIC keeps from the kernel what its filters take by a tcx program, which is not to count as somebody's firewall. */
    private static final String NIC = "env ACCEL_FIREWALL=ignore ACCEL_EFVI_LIBRARY=" + System.getProperty("efvi.simulator") + " ";

    private static Program selftest(Host host, String line) {
        return Program.start(up(host), line);
    }

    /** A device has its carrier a moment after both ends are up. */
    private static Host up(Host host) {
        Await.until(host.device() + " up", () -> host.run("ip link show " + host.device()).contains("state UP"));
        return host;
    }

    private static String flat(Program program) {
        return program.out().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void everyStepIsRightOnANic(String nic) {
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.a(), ACCEL + " selftest echo --port=9200").awaitOut("echo at port 9200")) {
            final Program told = selftest(wire.b(), NIC + "SIM_NIC=" + nic + " " + ACCEL
                + " selftest efvi vb --peer=10.77.0.1:9200 --count=500").succeed();
            assertThat(told.out()).contains("11 ok, 0 failed, 0 skipped");
            assertThat(flat(told)).contains("filter ok UDP to 10.77.0.2 port ", "send ok a frame of 60 bytes",
                "reset ok closed and opened anew; filter: UDP", "peer ok 10.77.0.1 port 9200 from 10.77.0.2",
                "receive ok 500 of 500 datagrams came back, 500 sent and 500 received on the fast path, 0 and 0 through the kernel",
                "timestamp ok the NIC's clock is set, and in sync", "sleep ok 100 receives that slept were woken",
                "report ok udp 10.77.0.2:");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void withoutAPeerWhatNeedsNoneIsTried() {
        try (Wire wire = Wire.direct().introduced()) {
            final Program told = selftest(wire.b(), NIC + ACCEL + " selftest efvi vb").succeed();
            assertThat(told.out()).contains("6 ok, 0 failed, 4 skipped");
            assertThat(flat(told)).contains("receive skipped give --peer=HOST, where './accel selftest echo' runs");
        }
    }

    @Test
    void aPeerThatDoesNotAnswerIsAFailureWithARemedy() {
        try (Wire wire = Wire.direct().introduced()) {
            final Program told = selftest(wire.b(), NIC + ACCEL + " selftest efvi vb --peer=10.77.0.1");
            assertThat(told.join()).isEqualTo(1);
            assertThat(flat(told)).contains("receive failed no answer from 10.77.0.1 port 9107 from 10.77.0.2: is './accel selftest echo'"
                + " running there", "timestamp skipped");
        }
    }

    @Test
    void whatTheNicRefusesFails() {
        try (Wire wire = Wire.direct().introduced()) {
            final Program told = selftest(wire.b(), NIC + "SIM_FAULTS=tx=bus@1,filter=ENOSPC " + ACCEL + " selftest efvi vb");
            assertThat(told.join()).isEqualTo(1);
            assertThat(flat(told)).contains("filter failed FILTER_TABLE_FULL: ", "send failed a frame did not leave: tx_bus_error 1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vb", "nosuch0"})
    void anInterfaceWithoutEfviFailsWithTheReason(String name) {
        try (Wire wire = Wire.direct()) {
            final String library = name.equals("vb") ? "" : NIC;
            final Program told = selftest(wire.b(), library + ACCEL + " selftest efvi " + name + " --peer=10.77.0.1");
            assertThat(told.join()).isEqualTo(1);
            assertThat(flat(told)).contains(name.equals("vb") ? "open failed NO_DRIVER: " : "open failed NO_INTERFACE: ",
                "0 ok, 1 failed, 9 skipped");
        }
    }
}
