package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One end accelerated, a program on the kernel's sockets at the other. */
class KernelPeerTest {
    private static final int ROUND_TRIPS = 5_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pingPongWithTheJdkLosesNothing(boolean pingIsAccelerated) {
        final Jvm left = pingIsAccelerated ? Jvm.accelerated("va:afxdp") : Jvm.plain();
        final Jvm right = pingIsAccelerated ? Jvm.plain() : Jvm.accelerated("vb:afxdp");
        try (Wire wire = Wire.direct().introduced();
            Program pong = right.sample(wire.b(), "Pong --bind=10.77.0.2:9000 --mode=select").awaitOut("Pong at");
            Program ping = left.sample(wire.a(), "Ping --bind=10.77.0.1:0 --to=10.77.0.2:9000 --timeout=5000 --mode=select --warmup=1000"
                + " --count=" + ROUND_TRIPS)) {
            ping.succeed();
            pong.succeed();
            assertThat(ping.out()).contains(ROUND_TRIPS + " messages,", " 0 lost, 0 corrupt, 0 late");
            final Report report = Report.of(pingIsAccelerated ? ping : pong);
            assertThat(report.socket().reasons()).as(report.text()).isEmpty();
            assertThat(report.socket().fastTx()).isGreaterThan(ROUND_TRIPS);
            assertThat(report.socket().fastRx()).isGreaterThan(ROUND_TRIPS);
        }
    }

    @Test
    void aProgramInCEchoesEverySize() {
        final int[] sizes = {0, 1, 17, 18, 19, 64, 1400, 1472, 1473, 8972, 65_507};
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking left = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            left.ask("open 10.77.0.1:7001");
            for (final int size : sizes) {
                assertThat(left.ask("send 10.77.0.2:7002 " + size)).isEqualTo("sent 1");
                assertThat(left.ask("receive 10000")).isEqualTo(size + " bytes");
            }
            final Report report = left.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(8);
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(8);
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void netcatTalksToAnAcceleratedEcho() {
        try (Wire wire = Wire.direct().introduced();
            Program pong = Jvm.accelerated("vb:afxdp").sample(wire.b(), "Pong --bind=10.77.0.2:9000 --stay").awaitOut("Pong at");
            Program netcat = Program.start(wire.a(), "nc -u 10.77.0.2 9000")) {
            for (int i = 0; i < 20; i++) {
                netcat.tell("line " + i);
                netcat.awaitOut("line " + i + "\n");
            }
            netcat.kill();
            final Report report = Report.of(pong.terminate());
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(20);
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(20);
        }
    }

    @Test
    void sockperfLoadsAnAcceleratedReceiver() {
        try (Wire wire = Wire.direct().introduced();
            Program pong = Jvm.accelerated("vb:afxdp").sample(wire.b(), "Pong --bind=10.77.0.2:9000 --stay").awaitOut("Pong at")) {
            final String told = wire.a().run("sockperf throughput -i 10.77.0.2 -p 9000 -t 2 -m 64 --mps=10000");
            assertThat(told).contains("Summary: Message Rate");
            final Report report = Report.of(pong.terminate());
            // How many it sent, warm-up included, it does not tell; whatever came was seen by the fast path and counted.
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThan(2_000);
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(report.socket().fastRx());
            assertThat(report.socket().kernelRx()).as(report.text()).isZero();
            assertThat(report.vi().rx()).as(report.text()).isEqualTo(report.socket().fastRx() + report.socket().dropped());
        }
    }

    /**
     * A veth peer hands over trains uncut, and a generic XDP program sees one frame: longer ones than a frame may be it leaves to the
     * kernel, which cuts them. While a native program is attached the peer's kernel has to cut them all.
     */
    @ParameterizedTest
    @CsvSource({"generic, 1000, 20", "native, 1000, 20", "native, 100, 10"})
    void trainsOfDatagramsArriveCut(String mode, int bytes, int count) {
        try (Wire wire = Wire.direct().introduced();
            Talking held = Jvm.accelerated("vb:afxdp").option("-Daccel.afxdp.mode=" + mode).talker(wire.b())) {
            held.ask("open 10.77.0.2:7002");
            held.program().awaitErr("vb is accelerated");
            wire.a().run(NativeTool.wire() + " train 10.77.0.2 7002 " + bytes + " " + count);
            assertThat(held.ask("drain 1000 " + count)).isEqualTo(count + " received, 0 damaged");
            final Report report = held.finish();
            final boolean isFast = mode.equals("native");
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(isFast ? count : 0);
        }
    }

    @Test
    void payloadsAndChecksumsAreRightInBothDirectionsAsSeenFromOutside() {
        try (Wire wire = Wire.bridged().introduced();
            Capture capture = Capture.start(wire.middle(), "mva");
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking left = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            left.ask("open 10.77.0.1:7001");
            final int[] sizes = {0, 1, 2, 17, 18, 19, 63, 64, 65, 511, 1400, 1471, 1472};
            for (final int size : sizes) {
                assertThat(left.ask("send 10.77.0.2:7002 " + size)).isEqualTo("sent 1");
                // The kernel has checked our checksum; ours is checked below, and the kernel's, a partial one, was accepted here.
                assertThat(left.ask("receive 10000")).isEqualTo(size + " bytes");
            }
            final Report report = left.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(sizes.length);
            Await.until("the capture to have all", () -> capture.decoded().size() >= 2 * sizes.length, capture::toString);
            final List<Capture.Datagram> ours = capture.decoded().stream().filter(d -> d.source().equals("10.77.0.1")).toList();
            assertThat(ours).hasSize(sizes.length);
            for (int i = 0; i < sizes.length; i++) {
                assertThat(ours.get(i).payload()).isEqualTo(Capture.pattern(sizes[i]));
                assertThat(ours.get(i).problems()).isEmpty();
            }
            assertThat(echo.out()).contains("1472 bytes");
        }
    }
}
