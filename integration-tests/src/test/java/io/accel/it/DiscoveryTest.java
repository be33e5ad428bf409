package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Wire;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interfaces that nobody names: ef_vi serves those whose driver is of such a NIC, and what is missing for it is no noise. */
class DiscoveryTest {
    private static final int COUNT = 500;

    private static Jvm on(String driver, String environment) {
        final Path script = Path.of("src/test/sh/with-driver.sh").toAbsolutePath();
        return Jvm.plain().option("-Djava.nio.channels.spi.SelectorProvider=io.accel.nio.AccelSelectorProvider")
            .option("-Daccel.report=exit").option("-Daccel.firewall=ignore")
            .launchedBy("unshare -m sh " + script + " " + driver + " vb env " + environment);
    }

    private static Program pingedPong(Wire wire, Jvm jvm) {
        try (Program pong = jvm.sample(wire.b(), "Pong --bind=10.77.0.2:9000").awaitOut("Pong at");
            Program ping = Jvm.plain().sample(wire.a(), "Ping --bind=10.77.0.1:0 --to=10.77.0.2:9000 --timeout=5000 --warmup=0 --count="
                + COUNT)) {
            ping.succeed();
            return pong.succeed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sfc", "xilinx_efct"})
    void aNicOfTheFamilyIsUsedWithoutBeingNamed(String driver) {
        try (Wire wire = Wire.direct().introduced()) {
            final Report report = Report.of(pingedPong(wire, on(driver, "ACCEL_EFVI_LIBRARY=" + System.getProperty("efvi.simulator"))));
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(COUNT);
            assertThat(report.interfaces()).as(report.text()).anyMatch(vi -> vi.name().equals("vb") && vi.datapath().equals("efvi"));
        }
    }

    @Test
    void anotherDriverIsLeftToTheKernel() {
        try (Wire wire = Wire.direct().introduced()) {
            final Program pong = pingedPong(wire, on("virtio_net", "ACCEL_EFVI_LIBRARY=" + System.getProperty("efvi.simulator")));
            assertThat(Report.of(pong).socket().kernelRx()).isGreaterThanOrEqualTo(COUNT);
            assertThat(pong.err()).doesNotContain("efvi");
        }
    }

    /** A jar without ef_vi on a host with such a NIC, and a host without Onload's drivers. */
    @ParameterizedTest
    @ValueSource(strings = {"A=B", "SIM_FAULTS=driver=ENOENT ACCEL_EFVI_LIBRARY="})
    void whatIsMissingIsToldInTheReportOnly(String environment) {
        try (Wire wire = Wire.direct().introduced()) {
            final boolean simulated = environment.endsWith("=");
            final Program pong = pingedPong(wire, on("sfc", environment + (simulated ? System.getProperty("efvi.simulator") : "")));
            assertThat(Report.of(pong).socket().kernelRx()).isGreaterThanOrEqualTo(COUNT);
            assertThat(pong.err().lines().filter(line -> line.contains("efvi"))).hasSize(1)
                .allMatch(line -> line.startsWith("accel: interface vb is not accelerated by efvi NO_DRIVER: ")
                    && line.contains(simulated ? "onload_tool reload" : "-DONLOAD_ROOT="));
        }
    }
}
