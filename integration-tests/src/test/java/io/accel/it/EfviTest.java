package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.SimulatedNic;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs on ef_vi, on a simulated NIC, with programs on the kernel's sockets at the other end. */
class EfviTest {
    private static final int ROUND_TRIPS = 5_000;

    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void pingPongWithTheJdkLosesNothing(String nic) {
        try (Wire wire = Wire.direct().introduced();
            Program pong = SimulatedNic.under("vb:efvi", "SIM_NIC=" + nic).sample(wire.b(), "Pong --bind=10.77.0.2:9000 --mode=select")
                .awaitOut("Pong at");
            Program ping = Jvm.plain().sample(wire.a(), "Ping --bind=10.77.0.1:0 --to=10.77.0.2:9000 --timeout=5000 --mode=select"
                + " --warmup=1000 --count=" + ROUND_TRIPS)) {
            ping.succeed();
            pong.succeed();
            assertThat(ping.out()).contains(ROUND_TRIPS + " messages,", " 0 lost, 0 corrupt, 0 late");
            final Report report = Report.of(pong);
            assertThat(report.socket().reasons()).as(report.text()).isEmpty();
            assertThat(report.socket().fastTx()).isGreaterThan(ROUND_TRIPS);
            assertThat(report.socket().fastRx()).isGreaterThan(ROUND_TRIPS);
            assertThat(pong.err()).containsPattern("accel: nic vb architecture=ef\\S+-A1 mac=" + wire.b().mac() + " mtu=1500"
                + " library=simulated driver=veth-\\S+ capabilities=\\S*Hardware-RX-timestamping:1");
            assertThat(pong.err().contains(" statistics=RX-CRC-errors:0,")).isEqualTo(!nic.equals("x3"));
        }
    }

    /** In the driver's descriptor, which the selector's epoll holds: no time of a processor until a kernel's socket sends. */
    @ParameterizedTest
    @CsvSource({"7000,select", "x2,select", "x3,select", "x2,blocking", "x3,blocking"})
    void sleepsWithoutWorkAndIsWokenByADatagram(String nic, String mode) {
        try (Wire wire = Wire.direct().introduced();
            Program pong = SimulatedNic.under("vb:efvi", "SIM_NIC=" + nic).option("-Daccel.spin.micros=0")
                .sample(wire.b(), "Pong --bind=10.77.0.2:9000 --mode=" + mode).awaitOut("Pong at");
            Talking peer = Jvm.plain().talker(wire.a())) {
            peer.ask("open 10.77.0.1:7001");
            assertThat(peer.ask("roundtrips 10.77.0.2:9000 50")).isEqualTo("50 answered");
            final Duration before = pong.processorTime();
            // Silence on the wire, as long as the listening peer says.
            assertThat(peer.ask("drain 3000")).isEqualTo("0 received, 0 damaged");
            assertThat(pong.processorTime().minus(before)).isLessThan(Duration.ofMillis(300));
            assertThat(peer.ask("roundtrips 10.77.0.2:9000 50")).isEqualTo("50 answered");
            final Report report = Report.of(pong.terminate());
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(100);
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(100);
        }
    }

    /** The NIC tells of each frame, which is seen from outside while the program runs, and in its report. */
    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void sentFramesAreCountedByTheirTimestamps(String nic) {
        try (Wire wire = Wire.direct().introduced();
            Program pong = SimulatedNic.under("vb:efvi", "SIM_NIC=" + nic).option("-Daccel.efvi.tx.timestamps=true")
                .sample(wire.b(), "Pong --bind=10.77.0.2:9000 --mode=select").awaitOut("Pong at");
            Talking peer = Jvm.plain().talker(wire.a())) {
            peer.ask("open 10.77.0.1:7001");
            assertThat(peer.ask("roundtrips 10.77.0.2:9000 50")).isEqualTo("50 answered");
            Await.until("the state of the process", () -> {
                final Program asked = Jvm.plain().tool(wire.b(), "stackdump netif " + pong.pid());
                return asked.join() == 0 && asked.out().contains("vb events: TX_WITH_TIMESTAMP 50");
            });
            final Program described = Jvm.plain().tool(wire.b(), "stackdump describe_stats " + pong.pid()).succeed();
            assertThat(described.out().replaceAll("\\s+", " ")).doesNotContain("unknown to this version")
                .contains("vi vb event TX_WITH_TIMESTAMP 50: sent frames of which the NIC told");
            pong.terminate();
            assertThat(pong.err()).containsPattern("accel: nic vb .* events=TX_WITH_TIMESTAMP:50,\\S*SOFTWARE:0,UNKNOWN:0\n");
        }
    }

    @Test
    void withoutTheDriverTheKernelCarriesTheTrafficAndTheReportSaysWhy() {
        try (Wire wire = Wire.direct().introduced();
            Program pong = SimulatedNic.under("vb:efvi", "SIM_FAULTS=driver=ENOENT").sample(wire.b(), "Pong --bind=10.77.0.2:9000")
                .awaitOut("Pong at");
            Program ping = Jvm.plain().sample(wire.a(), "Ping --bind=10.77.0.1:0 --to=10.77.0.2:9000 --timeout=5000 --mode=select"
                + " --warmup=0 --count=100")) {
            ping.succeed();
            pong.succeed();
            final Report report = Report.of(pong);
            assertThat(report.text()).contains("NO_DRIVER");
            assertThat(report.socket().fastRx()).as(report.text()).isZero();
            assertThat(report.socket().kernelRx()).as(report.text()).isGreaterThanOrEqualTo(100);
        }
    }
}
