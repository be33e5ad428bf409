package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty programs with this project's transport, as users have it: accel-netty.jar beside accel.jar and Netty's own jars. */
class NettyTransportTest {
    private static final int QUOTES = 2_000;

    @Test
    void twoHostsOverAfXdp() {
        try (Wire wire = Wire.direct().introduced();
            Program server = transport("vb:afxdp").nettySample(wire.b(), "NettyQuoteServer --bind=10.77.0.2:7686")
                .awaitOut("NettyQuoteServer at");
            Program client = transport("va:afxdp").nettySample(wire.a(),
                "NettyQuoteClient --bind=10.77.0.1:0 --to=10.77.0.2:7686 --count=" + QUOTES)) {
            client.succeedWithin(60);
            server.succeedWithin(60);
            assertThat(client.out()).contains(QUOTES + " quotes, the last: ");
            assertThat(server.out()).contains(QUOTES + " quotes");
            final Report report = Report.of(client);
            assertThat(report.vi().datapath()).as(report.text()).isEqualTo("afxdp");
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(QUOTES);
            assertThat(report.socket().reasons()).as(report.text()).isEmpty();
            assertThat(Report.of(server).socket().fastRx()).isEqualTo(QUOTES + 1);
        }
    }

    /** Beside a program on Netty's NIO transport with the provider: one stack has both, so shared memory joins them. */
    @ParameterizedTest
    @ValueSource(strings = {"nio", "accel"})
    void oneHostOverSharedMemory(String transportOfTheClient) {
        try (Wire wire = Wire.direct();
            Program server = transport("lo:shm").nettySample(wire.a(), "NettyQuoteServer").awaitOut("NettyQuoteServer at");
            Program client = Jvm.accelerated("lo:shm").nettySample(wire.a(),
                "NettyQuoteClient --count=" + QUOTES + " --transport=" + transportOfTheClient)) {
            client.succeedWithin(60);
            server.succeedWithin(60);
            assertThat(client.out()).contains(QUOTES + " quotes, the last: ");
            assertThat(Report.of(server).socket().fastRx()).isEqualTo(QUOTES + 1);
            assertThat(Report.of(client).socket().reasons()).isEmpty();
        }
    }

    @Test
    void withoutADatapathTheKernelCarriesTheTrafficAndTheReportSaysWhy() {
        try (Wire wire = Wire.direct();
            Program server = transport("none").nettySample(wire.a(), "NettyQuoteServer").awaitOut("NettyQuoteServer at");
            Program client = transport("none").nettySample(wire.a(), "NettyQuoteClient --count=" + QUOTES)) {
            client.succeedWithin(60);
            server.succeedWithin(60);
            final Report report = Report.of(server);
            assertThat(report.socket().fastRx()).isZero();
            assertThat(report.text()).contains("DISABLED");
        }
    }

    /** No provider is named: the transport needs no property. */
    private static Jvm transport(String interfaces) {
        return Jvm.plain().option("-Daccel.interfaces=" + interfaces).option("-Daccel.report=exit");
    }
}
