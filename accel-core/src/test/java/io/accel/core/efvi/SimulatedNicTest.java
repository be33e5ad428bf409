package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.testing.Commands;
import io.accel.core.testing.VethPairExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.file.Path;

/** The simulated NIC is as strict as it says: the other tests prove something only if it is. */
class SimulatedNicTest {
    @RegisterExtension
    private final VethPairExtension pair = VethPairExtension.ipv4();

    @Test
    void everyMisuseEndsTheProcessWithItsMessage() {
        final String misuse = Path.of(System.getProperty("efvi.simulator")).resolveSibling("misuse").toString();
        final Commands.Result result = pair.a().attempt(misuse, "va");
        assertThat(result.output().lines()).hasSize(20).allMatch(line -> line.startsWith("ok "));
        assertThat(result.exit()).isZero();
    }
}
