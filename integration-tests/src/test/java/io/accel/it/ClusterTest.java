package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Test;

/** Programs that are members of an ef_vi cluster share its stream, and nothing of it is lost. */
class ClusterTest {
    private static final int FLOWS = 16;

    /** The simulated NIC keeps from the kernel what its filters take by a tcx program, which is not to count as somebody's firewall. */
    private static Talking member(Wire wire, int number) {
        return Jvm.accelerated(number + "@web:efvi").option("-Daccel.efvi.library=" + System.getProperty("efvi.simulator"))
            .option("-Daccel.firewall=ignore").launchedBy("env SIM_CLUSTER=web:vb:2:10.77.0.2:9000").talker(wire.b());
    }

    @Test
    void twoProgramsOnOnePortHaveTheirSharesOnTheFastPath() {
        try (Wire wire = Wire.direct().introduced(); Talking first = member(wire, 0); Talking second = member(wire, 1);
            Talking sender = Jvm.plain().talker(wire.a())) {
            assertThat(first.ask("open 10.77.0.2:9000 reuse")).isEqualTo("open");
            assertThat(second.ask("open 10.77.0.2:9000 reuse")).isEqualTo("open");
            for (int flow = 0; flow < FLOWS; flow++) {
                sender.ask("open 10.77.0.1:" + (9100 + flow));
                assertThat(sender.ask("send 10.77.0.2:9000 100")).isEqualTo("sent 1");
                sender.ask("close");
            }
            final String share = FLOWS / 2 + " received, 0 damaged";
            assertThat(first.ask("drain 1000 " + FLOWS / 2)).isEqualTo(share);
            assertThat(second.ask("drain 1000 " + FLOWS / 2)).isEqualTo(share);
            assertThat(first.ask("reply 64")).isEqualTo("sent 1");
            for (final Report report : new Report[] {first.finish(), second.finish()}) {
                assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(FLOWS / 2);
                assertThat(report.text()).contains("mode=ef10-cluster-ctpio");
            }
        }
    }

    @Test
    void aClusterThatIsNotThereLeavesTheTrafficToTheKernel() {
        try (Wire wire = Wire.direct().introduced(); Talking alone = Jvm.accelerated("0@nobody:efvi")
            .option("-Daccel.efvi.library=" + System.getProperty("efvi.simulator")).talker(wire.b());
            Talking sender = Jvm.plain().talker(wire.a())) {
            alone.ask("open 10.77.0.2:9000");
            sender.ask("open 10.77.0.1:9001");
            sender.ask("send 10.77.0.2:9000 100");
            assertThat(alone.ask("receive 5000")).isEqualTo("100 bytes");
            final Report report = alone.finish();
            assertThat(report.socket().kernelRx()).isEqualTo(1);
            assertThat(report.text()).contains("interface 0@nobody is not accelerated by efvi NO_INTERFACE: ", "solar_clusterd");
        }
    }
}
