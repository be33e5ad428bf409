package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocked virtual threads must leave their carrier to the others (JDK 21 and later). */
@Tag("contract")
class VirtualThreadsTest {
    @Test
    void eightBlockedThreadsShareOneCarrier() throws Exception {
        final List<String> oneCarrier = List.of("-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1", "-Daccel.spin.micros=0");
        try (ChildJvm child = ChildJvm.start(VirtualThreadsChild.class, oneCarrier)) {
            assertThat(child.line()).isEqualTo("all answered");
            assertThat(child.exitCode()).isZero();
        }
    }
}
