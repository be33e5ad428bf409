package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code TimestampedChannel} tells of datagrams that came by each way. */
class ReceiveTimestampTest {
    private static final String NONE = "no stamp";
    /** Set and in sync, and no more than ten seconds ago. */
    private static final String STAMP = "set in sync \\d{1,7}";

    /** The simulated NIC keeps from the kernel what its filters take by a tcx program, which is not to count as somebody's firewall. */
    private static Jvm onNic(String nic, boolean timestamps) {
        return Jvm.accelerated("vb:efvi").option("-Daccel.efvi.library=" + System.getProperty("efvi.simulator"))
            .option("-Daccel.firewall=ignore").option("-Daccel.efvi.timestamps=" + timestamps).launchedBy("env SIM_NIC=" + nic);
    }

    private static String stampOf(Talking sender, Talking receiver, String to, int bytes) {
        sender.ask("send " + to + " " + bytes);
        assertThat(receiver.ask("receive 5000")).isEqualTo(bytes + " bytes");
        return receiver.ask("stamp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void datagramsFromTheNicHaveOneAndThoseFromTheKernelHaveNot(String nic) {
        try (Wire wire = Wire.direct().introduced(); Talking b = onNic(nic, true).talker(wire.b());
            Talking a = Jvm.plain().talker(wire.a())) {
            assertThat(b.ask("open 10.77.0.2:9000")).isEqualTo("open");
            assertThat(a.ask("open 10.77.0.1:9001")).isEqualTo("open");
            assertThat(b.ask("stamp")).isEqualTo(NONE);
            assertThat(stampOf(a, b, "10.77.0.2:9000", 100)).matches(STAMP);
            assertThat(stampOf(a, b, "10.77.0.2:9000", 3000)).as("of fragments").isEqualTo(NONE);
            a.ask("send 10.77.0.2:9000 200 3");
            for (int i = 0; i < 3; i++) {
                assertThat(b.ask("receive 5000")).isEqualTo("200 bytes");
                assertThat(b.ask("stamp")).matches(STAMP);
            }
            final Report report = b.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(4);
            assertThat(report.socket().kernelRx()).as(report.text()).isEqualTo(1);
        }
    }

    @Test
    void thereIsNoneWhereTheyAreOff() {
        try (Wire wire = Wire.direct().introduced(); Talking b = onNic("x2", false).talker(wire.b())) {
            assertNoStampOverTheWire(wire, b);
        }
    }

    @Test
    void thereIsNoneByAfXdp() {
        try (Wire wire = Wire.direct().introduced(); Talking b = Jvm.accelerated("vb:afxdp").talker(wire.b())) {
            assertNoStampOverTheWire(wire, b);
        }
    }

    private static void assertNoStampOverTheWire(Wire wire, Talking b) {
        try (Talking a = Jvm.plain().talker(wire.a())) {
            b.ask("open 10.77.0.2:9000");
            a.ask("open 10.77.0.1:9001");
            assertThat(stampOf(a, b, "10.77.0.2:9000", 100)).isEqualTo(NONE);
            assertThat(a.ask("stamp")).isEqualTo("no such channel");
            final Report report = b.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lo:shm", "none"})
    void thereIsNoneBySharedMemoryOrThroughTheKernel(String interfaces) {
        try (Wire wire = Wire.direct()) {
            final Host host = wire.a();
            try (Talking first = Jvm.accelerated(interfaces).talker(host); Talking second = Jvm.accelerated(interfaces).talker(host)) {
                first.ask("open 127.0.0.1:9000");
                second.ask("open 127.0.0.1:9001");
                assertThat(stampOf(second, first, "127.0.0.1:9000", 100)).isEqualTo(NONE);
                final Report report = first.finish();
                assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(interfaces.equals("none") ? 0 : 1);
            }
        }
    }
}
