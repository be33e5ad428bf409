package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.HostileIpv6Frames;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Twins;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link HostileFramesTest} over IPv6. */
class HostileIpv6FramesTest {
    private static final int PORT = 7002;
    private static final String RECEIVER = "[fd00:77::2]:7002";
    private static final String[] SOURCES = {
        "fd00:77::1", "fd00:77::3", "fd00:77::2", "fd00:88::1", "fd00:88::9", "2001:db8::1", "fd00:77::", "fe80::1", "fe80::9", "fe80::2",
        "fec0::1", "64:ff9b::10.77.0.1", "2002:a4d:1::1", "::", "::1", "::2", "::10.77.0.1", "::ffff:10.77.0.1", "::ffff:127.0.0.1",
        "::1:0:0:1", "0:0:0:1::1", "ff00::1", "ff01::1", "ff02::1", "ff0e::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    };

    private static Twins twins(String address) {
        final Twins twins = Twins.withIpv6(Jvm.accelerated("vb:afxdp"));
        try {
            twins.tell("open " + address);
            twins.fast().program().awaitErr("vb is accelerated");
            return twins;
        } catch (final RuntimeException | Error e) {
            twins.close();
            throw e;
        }
    }

    private static void assertSame(Twins twins, Map<String, List<byte[]>> frames) {
        final Twins.Received received = twins.inject("va", frames.values().stream().flatMap(List::stream).toList());
        assertThat(received.fast()).isEqualTo(received.plain());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*:7002", RECEIVER})
    void framesByHand(String address) {
        try (Twins twins = twins(address)) {
            assertSame(twins, new HostileIpv6Frames(twins.wire(), PORT).byHand());
            final Report report = twins.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThan(8);
            assertThat(report.vi().drops()).as(report.text()).containsKeys("NO_UDP_CHECKSUM", "BAD_UDP_CHECKSUM");
        }
    }

    @Test
    void framesByHandToAConnectedChannel() {
        try (Twins twins = twins(RECEIVER)) {
            twins.tell("connect [fd00:77::1]:5000");
            assertSame(twins, new HostileIpv6Frames(twins.wire(), PORT).byHand());
            assertThat(twins.finish().socket().fastRx()).isGreaterThan(8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*:7002", RECEIVER})
    void sources(String address) {
        try (Twins twins = twins(address)) {
            assertSame(twins, new HostileIpv6Frames(twins.wire(), PORT).bySource(SOURCES));
            final Report report = twins.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThan(8);
        }
    }
}
