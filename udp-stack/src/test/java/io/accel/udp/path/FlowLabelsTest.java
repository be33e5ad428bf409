package io.accel.udp.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.udp.address.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlowLabelsTest {
    private static final IpAddress HERE = ip("fd00::1");
    private static final IpAddress THERE = ip("fd00::2");

    private static IpAddress ip(String text) {
        try {
            return IpAddress.of(InetAddress.getByName(text));
        } catch (final UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noneWhereTheHostWantsNone() {
        assertThat(new FlowLabels(0, false, 42).of(HERE, 1, THERE, 2)).isZero();
        assertThat(new FlowLabels(2, true, 42).of(HERE, 1, THERE, 2)).isZero();
    }

    @Test
    void oneForAFlowAndAnotherForAnother() {
        final FlowLabels labels = new FlowLabels(1, false, 42);
        final Set<Integer> seen = new HashSet<>();
        for (int port = 0; port < 1000; port++) {
            final int label = labels.of(HERE, port, THERE, 9);
            assertThat(label).isBetween(0, 0xFFFFF).isEqualTo(labels.of(HERE, port, THERE, 9));
            seen.add(label);
        }
        assertThat(seen).as("a million labels, a thousand flows").hasSizeGreaterThan(990);
        assertThat(labels.of(HERE, 1, THERE, 2)).isNotEqualTo(labels.of(THERE, 1, HERE, 2));
        assertThat(new FlowLabels(1, false, 43).of(HERE, 1, THERE, 2)).as("another secret").isNotEqualTo(labels.of(HERE, 1, THERE, 2));
    }

    @Test
    void theUpperHalfIsForStatelessOnesWhereTheHostSaysSo() {
        final FlowLabels labels = new FlowLabels(3, true, 42);
        for (int port = 0; port < 100; port++) {
            assertThat(labels.of(HERE, port, THERE, 9)).isBetween(0x80000, 0xFFFFF);
        }
    }
}
