package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A program that counts its descriptors finds as many more for each thing it does as with the JDK's provider. */
@Tag("contract")
class DescriptorsTest {
    private static final List<String> COUNTS = List.of("opened 1", "bound 1", "registered 1", "selected 1", "closed 1", "flushed 0");

    @Test
    void theFirstChannelCostsOneDescriptorAsOnTheJdks() throws Exception {
        assertThat(told(List.of("-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider"))).isEqualTo(COUNTS);
        assertThat(told(List.of())).isEqualTo(COUNTS);
    }

    private static List<String> told(List<String> options) throws Exception {
        try (ChildJvm child = ChildJvm.start(DescriptorsChild.class, options)) {
            final List<String> lines = new ArrayList<>();
            while (lines.size() < COUNTS.size()) {
                lines.add(child.line());
            }
            assertThat(child.exitCode()).isZero();
            return lines;
        }
    }
}
