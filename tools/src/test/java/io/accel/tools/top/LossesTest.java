package io.accel.tools.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each datagram once, in the layer that knows best. */
class LossesTest {
    @Test
    void whatTheStackDroppedIsNotWhatNeverArrived() {
        assertThat(Losses.of(Map.of("QUEUE_FULL", 1L, "UNMATCHED", 2L, "BAD_CHECKSUM", 4L, "RX_RING_FULL", 8L, "RX_BAD_CRC", 16L)))
            .isEqualTo(new Losses(7, 24));
    }

    @Test
    void sumsOfTheNicsCausesAreLeftOut() {
        assertThat(Losses.of(Map.of("RX_BAD_CRC", 3L, "NIC_DISCARD", 3L))).isEqualTo(new Losses(0, 3));
        assertThat(Losses.of(Map.of("TX_BUS_ERROR", 2L, "SEND_ERROR", 2L))).isEqualTo(new Losses(0, 2));
    }

    @Test
    void whatTheKernelSendsInsteadIsNoLoss() {
        assertThat(Losses.of(Map.of("TX_REFUSED", 5L, "RETAINED_TOKENS_REFUSED", 1L))).isEqualTo(Losses.NONE);
    }
}
