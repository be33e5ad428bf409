package io.accel.core.vi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.fault.FaultRates;
import io.accel.core.fault.FaultyVirtualInterface;
import io.accel.core.pair.Pair;
import io.accel.core.pcap.PcapVirtualInterface;
import io.accel.core.pcap.PcapWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decorators of a VI that is a set. */
class ForwardingVirtualInterfaceTest {
    private final Pair one = Pair.ethernet();
    private final Pair other = Pair.ethernet();
    private final VirtualInterface set = new ForwardingVirtualInterface(one.first()) {
        @Override
        public Receiver[] receivers() {
            return new Receiver[] {one.first(), other.first()};
        }
    };

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void decoratorOfTheSendSideKeepsAllReceiveSides() {
        final VirtualInterface decorated = new ForwardingVirtualInterface(set) {
        };
        assertThat(decorated.receivers()).containsExactly(decorated, other.first());
        assertThat(set.receivers()).containsExactly(one.first(), other.first());
    }

    @Test
    void rulesAreCheckedOfEachReceiveSide() {
        assertThat(new CheckedVirtualInterface(set).receivers()).hasSize(2).doesNotContain(one.first(), other.first());
    }

    @Test
    void decoratorsOfOneReceiveSideRefuseSets(@TempDir Path directory) throws Exception {
        try (PcapWriter writer = new PcapWriter(directory.resolve("none.pcap"))) {
            assertThatThrownBy(() -> new PcapVirtualInterface(set, writer, () -> 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a set of 2");
        }
        assertThatThrownBy(() -> new FaultyVirtualInterface(set, FaultRates.NONE, 1))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a set of 2");
    }
}
