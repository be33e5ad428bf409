package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.core.testing.Commands;
import io.accel.core.testing.VethPair;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The simulated NIC is as strict as it says: the other tests prove something only if it is. */
class SimulatedNicTest {
    @Test
    void everyMisuseEndsTheProcessWithItsMessage() {
        assumeTrue(VethPair.isPossible(), "needs root");
        final String misuse = Path.of(System.getProperty("efvi.simulator")).resolveSibling("misuse").toString();
        try (VethPair pair = VethPair.create()) {
            final Commands.Result result = pair.a().attempt(misuse, "va");
            assertThat(result.output().lines()).hasSize(20).allMatch(line -> line.startsWith("ok "));
            assertThat(result.exit()).isZero();
        }
    }
}
