package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The provider as the property brings it, in a JVM of its own. */
@Tag("contract")
class ProviderTest {
    @Test
    void isMadeOnceAndLeavesPlainSocketsAlone() throws Exception {
        try (ChildJvm child = ChildJvm.start(ProviderChild.class, List.of())) {
            assertThat(child.line()).isEqualTo("AccelSelectorProvider");
            assertThat(child.line()).isEqualTo("true");
            assertThat(child.line()).isEqualTo("AccelDatagramChannel Inet6Address");
            assertThat(child.line()).isEqualTo("IPv6");
            assertThat(child.line()).isEqualTo("DatagramSocket null 3");
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    void isWithoutIpv6WhereTheProgramWantsNone() throws Exception {
        try (ChildJvm child = ChildJvm.start(ProviderChild.class, List.of("-Djava.net.preferIPv4Stack=true"))) {
            assertThat(child.line()).isEqualTo("AccelSelectorProvider");
            assertThat(child.line()).isEqualTo("true");
            assertThat(child.line()).isEqualTo("AccelDatagramChannel Inet4Address");
            assertThat(child.line()).isEqualTo("no IPv6: IPv6 not available");
            assertThat(child.line()).isEqualTo("DatagramSocket null 3");
            assertThat(child.exitCode()).isZero();
        }
    }
}
