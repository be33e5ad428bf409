package io.accel.samples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceptionTest {
    private static Reception of(long... sequences) {
        final Reception reception = new Reception();
        for (final long sequence : sequences) {
            reception.add(sequence);
        }
        return reception;
    }

    private static void assertCounts(Reception reception, long received, long duplicates, long reordered) {
        assertThat(reception.received()).as("received").isEqualTo(received);
        assertThat(reception.duplicates()).as("duplicates").isEqualTo(duplicates);
        assertThat(reception.reordered()).as("reordered").isEqualTo(reordered);
    }

    @Test
    void anOrderlyStreamHasNothingToReport() {
        final Reception reception = of(0, 1, 2, 3);
        assertCounts(reception, 4, 0, 0);
        assertThat(reception.lost(4)).isZero();
        assertThat(reception.lost(-1)).isZero();
    }

    @Test
    void gapsAreLostAndTheTailOnlyWhenTheNumberSentIsKnown() {
        final Reception reception = of(0, 3, 4);
        assertThat(reception.lost(-1)).isEqualTo(2);
        assertThat(reception.lost(10)).isEqualTo(7);
    }

    @Test
    void aLateOneIsReorderedAndNoLongerLost() {
        final Reception reception = of(0, 2, 1, 3);
        assertCounts(reception, 4, 0, 1);
        assertThat(reception.lost(4)).isZero();
    }

    @Test
    void aSecondCopyIsADuplicateLateOrNot() {
        assertCounts(of(0, 0, 1, 2, 1), 3, 2, 0);
        assertCounts(of(0, 2, 1, 1), 3, 1, 1);
    }

    @Test
    void numbersAreRememberedAcrossTheWindowsEdge() {
        final long lap = Reception.WINDOW;
        final Reception reception = of(0, 5, lap + 5, lap + 4, 4);
        assertCounts(reception, 5, 0, 2);
        assertCounts(of(0, lap, lap - 1, lap - 1), 3, 1, 1);
    }

    @Test
    void aJumpOfMoreThanAWindowForgetsWhatWasBefore() {
        final long far = 3L * Reception.WINDOW;
        assertCounts(of(1, far + 1, far + 1, far), 3, 1, 1);
    }
}
