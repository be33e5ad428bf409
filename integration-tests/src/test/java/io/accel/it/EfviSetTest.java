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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs for which several ef_vi VIs receive on one NIC, spread by a hash: {@code accel.efvi.vis}. */
class EfviSetTest {
    private static final int CHANNELS = 4;
    private static final int POLLED = 4;
    private static final int COUNT = 2000;

    private static Jvm vis(int vis, String environment) {
        return SimulatedNic.under("va:efvi", environment).option("-Daccel.efvi.vis=" + vis);
    }

    /** Readers and writers of many channels, each of which counts what it receives; the simulated NIC ends it at two threads on a VI. */
    @ParameterizedTest
    @CsvSource({"7000, 2", "x2, 2", "x2, 4"})
    void manyThreadsReceiveEachDatagramOnceAndInOrder(String nic, int vis) {
        final int sent = (CHANNELS + POLLED) * COUNT;
        try (Wire wire = Wire.direct().introduced();
            Program server = Jvm.plain().sample(wire.b(), "EchoServer --ports=1 --stay --bind=10.77.0.2:9000").awaitOut("EchoServer at");
            Program program = vis(vis, "SIM_NIC=" + nic).program(wire.a(), "Crowd 10.77.0.1 10.77.0.2:9000 " + CHANNELS + " " + COUNT)) {
            program.succeed();
            assertThat(program.out()).contains("echoes: " + sent, "blocked until closed: " + CHANNELS);
            final Report report = Report.of(program);
            assertThat(report.fastRx()).as(report.text()).isEqualTo(sent);
            assertThat(report.vi().rx()).as(report.text()).isEqualTo(sent);
            assertThat(report.vi().mode()).startsWith("ef10-" + vis + "-vis-");
            assertThat(report.text()).doesNotContain("in part");
            assertThat(server.isAlive()).isTrue();
        }
    }

    /** One flow goes by one VI, whose event it is; the set is made anew with its filters. */
    @ParameterizedTest
    @ValueSource(strings = {"reset", "overflow"})
    void aSetOfWhichOneViFailsIsRebuiltWithItsFilters(String fault) {
        try (Wire wire = Wire.direct().introduced();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = vis(4, "SIM_FAULTS=" + fault + "@100").talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            peer.ask("open 10.77.0.2:7002");
            assertThat(peer.ask("send 10.77.0.1:7001 100 99")).isEqualTo("sent 99");
            assertThat(talker.ask("drain 5000 99")).isEqualTo("99 received, 0 damaged");
            peer.ask("send 10.77.0.1:7001 100 1");
            assertThat(talker.ask("drain 500")).isEqualTo("0 received, 0 damaged");
            talker.program().awaitErr("va is accelerated", 2);
            for (int flow = 0; flow < 16; flow++) {
                peer.ask("close");
                peer.ask("open 10.77.0.2:" + (7100 + flow));
                assertThat(peer.ask("send 10.77.0.1:7001 100 5")).isEqualTo("sent 5");
                assertThat(talker.ask("drain 5000 5")).isEqualTo("5 received, 0 damaged");
            }
            final Report report = talker.finish();
            assertThat(report.vi().failures()).as(report.text()).containsExactly(Map.entry("VI_FAILED", 1L));
            assertThat(report.vi().mode()).as(report.text()).startsWith("ef10-4-vis-");
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(99 + 16 * 5);
        }
    }

    @Test
    void sleepersAreWokenByAnyOfTheVis() {
        try (Wire wire = Wire.direct().introduced();
            Program pong = SimulatedNic.under("vb:efvi", "SIM_NIC=x2").option("-Daccel.efvi.vis=4").option("-Daccel.spin.micros=0")
                .sample(wire.b(), "Pong --bind=10.77.0.2:9000 --mode=select").awaitOut("Pong at");
            Talking peer = Jvm.plain().talker(wire.a())) {
            for (int flow = 0; flow < 16; flow++) {
                peer.ask("open 10.77.0.1:" + (7100 + flow));
                assertThat(peer.ask("roundtrips 10.77.0.2:9000 10")).isEqualTo("10 answered");
                peer.ask("close");
            }
            peer.ask("open 10.77.0.1:7001");
            final Duration before = pong.processorTime();
            assertThat(peer.ask("drain 3000")).isEqualTo("0 received, 0 damaged");
            assertThat(pong.processorTime().minus(before)).isLessThan(Duration.ofMillis(300));
            final Report report = Report.of(pong.terminate());
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(160);
        }
    }

    /** Whichever VI a frame came by, the ledger and the counts of the interface have it. */
    @Test
    void theLedgerIsOfAllVis() {
        try (Wire wire = Wire.direct().introduced();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = vis(4, "SIM_NIC=x2").talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            for (int flow = 0; flow < 16; flow++) {
                peer.ask("open 10.77.0.2:" + (7100 + flow));
                assertThat(peer.ask("send 10.77.0.1:7001 100 5")).isEqualTo("sent 5");
                assertThat(talker.ask("drain 5000 5")).isEqualTo("5 received, 0 damaged");
                peer.ask("close");
            }
            final String pid = Long.toString(talker.program().pid());
            Await.until("the process to be known", () -> stackdump(wire, "ledger " + pid).join() == 0);
            Await.until("80 frames in the ledger", () -> told(wire, "ledger " + pid).contains("interface va 80 80 0 0 0"),
                () -> told(wire, "ledger " + pid));
            assertThat(told(wire, "ledger " + pid)).contains("channel 10.77.0.1:7001 80 80 0 0 0").endsWith("unattributed 0 ");
            assertThat(told(wire, "packets " + pid)).contains("va frames that channels hold 0")
                .containsPattern("va receive buffers that nobody holds \\d+");
        }
    }

    private static String told(Wire wire, String view) {
        return stackdump(wire, view).succeed().out().replaceAll("\\s+", " ");
    }

    private static Program stackdump(Wire wire, String view) {
        return Jvm.plain().tool(wire.a(), "stackdump " + view);
    }

    /** X3 and X4 have no sets. */
    @Test
    void withoutASetOneViReceivesAndTheReportSaysWhy() {
        try (Wire wire = Wire.direct().introduced();
            Talking peer = Jvm.plain().talker(wire.b());
            Talking talker = vis(4, "SIM_NIC=x3").talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            peer.ask("open 10.77.0.2:7002");
            peer.ask("send 10.77.0.1:7001 100 5");
            assertThat(talker.ask("drain 5000 5")).isEqualTo("5 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(5);
            assertThat(report.vi().mode()).startsWith("efct-ctpio").doesNotContain("vis");
            assertThat(report.text()).contains("va is accelerated in part: efvi NO_VI_SET: ",
                "accel: interface va is accelerated in part by efvi NO_VI_SET: accel.efvi.vis=4 on va, but one VI receives: ");
        }
    }
}
