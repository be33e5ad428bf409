package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of the wire accelerated over AF_XDP. */
class BothAcceleratedTest {
    private static final int ROUND_TRIPS = 20_000;

    @ParameterizedTest
    @ValueSource(strings = {"spin", "select", "blocking"})
    void pingPongLosesNothingAndNeverNeedsTheKernel(String mode) {
        try (Wire wire = Wire.direct().introduced();
            Program pong = Jvm.accelerated("vb:afxdp").sample(wire.b(), "Pong --bind=10.77.0.2:9000 --mode=" + mode).awaitOut("Pong at");
            Program ping = Jvm.accelerated("va:afxdp").sample(wire.a(), "Ping --bind=10.77.0.1:0 --to=10.77.0.2:9000 --timeout=5000 --mode="
                + mode + " --warmup=1000 --count=" + ROUND_TRIPS)) {
            ping.succeed();
            pong.succeed();
            assertThat(ping.out()).contains(ROUND_TRIPS + " messages,", " 0 lost, 0 corrupt, 0 late");
            final Report left = Report.of(ping);
            final Report right = Report.of(pong);
            assertThat(left.socket().reasons()).as(left.text()).isEmpty();
            assertThat(right.socket().reasons()).as(right.text()).isEmpty();
            assertThat(left.socket().fastRx()).isGreaterThan(ROUND_TRIPS);
            assertThat(left.socket().fastTx()).isEqualTo(left.vi().tx()).isGreaterThan(ROUND_TRIPS);
            assertThat(left.socket().kernelRx() + left.socket().kernelTx()).isZero();
            // Ping says three times that it has finished; Pong leaves at the first.
            assertThat(right.socket().fastRx()).isBetween(left.socket().fastTx() - 2, left.socket().fastTx());
            assertThat(right.vi().datapath()).isEqualTo("afxdp");
            assertThat(right.vi().mode()).contains("generic");
            assertThat(left.socket().drops()).isEmpty();
            assertThat(right.socket().drops().keySet()).as("what Pong leaves behind").isSubsetOf("UNREAD");
        }
    }

    @Test
    void everySizeArrivesIntact() {
        final int[] fast = {0, 1, 17, 18, 19, 64, 1400, 1472};
        final int[] tooLong = {1473, 8972, 65_507};
        try (Wire wire = Wire.direct().introduced();
            Talking left = Jvm.accelerated("va:afxdp").talker(wire.a());
            Talking right = Jvm.accelerated("vb:afxdp").talker(wire.b())) {
            left.ask("open 10.77.0.1:7001");
            right.ask("open 10.77.0.2:7002");
            for (final int size : fast) {
                thereAndBack(left, right, size);
            }
            for (final int size : tooLong) {
                thereAndBack(left, right, size);
            }
            for (final Report report : new Report[] {left.finish(), right.finish()}) {
                assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(fast.length);
                assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(fast.length);
                assertThat(report.socket().kernelTx()).as(report.text()).isEqualTo(tooLong.length);
                assertThat(report.socket().kernelRx()).as(report.text()).isEqualTo(tooLong.length);
                assertThat(report.socket().reasons()).containsEntry("EXCEEDS_MTU", (long) tooLong.length)
                    .containsEntry("KERNEL_SENDER", (long) tooLong.length).hasSize(2);
            }
        }
    }

    private static void thereAndBack(Talking left, Talking right, int size) {
        assertThat(left.ask("send 10.77.0.2:7002 " + size)).isEqualTo("sent 1");
        assertThat(right.ask("receive 10000")).isEqualTo(size + " bytes");
        assertThat(right.ask("reply " + size)).isEqualTo("sent 1");
        assertThat(left.ask("receive 10000")).isEqualTo(size + " bytes");
    }
}
