package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's NIO datagram transport between two hosts over AF_XDP; what the client sends comes back unchanged. */
class NettyEchoTest {
    private static final int COUNT = 3000;

    @ParameterizedTest
    @ValueSource(strings = {"netty-4.1", "netty-4.2"})
    void everythingComesBackUnchanged(String release) {
        try (Wire wire = Wire.direct().introduced();
            Program server = Jvm.accelerated("vb:afxdp").software(wire.b(), release, "io.accel.it.programs.NettyEcho 10.77.0.2")
                .awaitOut("NettyEcho at");
            Program client = Jvm.accelerated("va:afxdp").software(wire.a(), release,
                "io.accel.it.programs.NettyEcho 10.77.0.1 10.77.0.2 " + COUNT)) {
            client.succeedWithin(120);
            assertThat(client.out()).contains(COUNT + " answered, 0 damaged");
            assertAllFast(client);
            server.terminate();
            assertAllFast(server);
        }
    }

    private static void assertAllFast(Program program) {
        final Report report = Report.of(program);
        assertThat(report.vi().datapath()).as(report.text()).isEqualTo("afxdp");
        assertThat(report.fastRx()).as(report.text()).isEqualTo(COUNT);
        assertThat(report.fastTx()).as(report.text()).isEqualTo(COUNT);
        assertThat(report.socket().kernelRx() + report.socket().kernelTx()).as(report.text()).isZero();
    }
}
