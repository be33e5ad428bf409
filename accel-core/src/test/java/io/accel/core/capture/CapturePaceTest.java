package io.accel.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CapturePaceTest {
    private static final int PACKETS = 10_000;
    private static final int BYTES = 168;
    /** What a reader needs that takes 2,500,000 a second. */
    private static final long READING = 400L * PACKETS;
    private static final long RING = 100_000L;

    private long now = 1_000_000_000;
    private long missed = 77;
    private final CapturePace pace = new CapturePace(() -> now, () -> missed);

    @BeforeEach
    void begin() {
        pace.begin();
    }

    private void take(long packets) {
        for (long i = 0; i < packets; i++) {
            pace.took(BYTES);
        }
        now += 400 * packets;
    }

    private void flood() {
        take(PACKETS);
        missed += (CapturePace.FLOOD + 1) * PACKETS;
        assertThat(pace.afterPortion()).as("of a flood").isFalse();
        take(RING - PACKETS);
        missed += (CapturePace.FLOOD + 1) * (RING - PACKETS);
    }

    @Test
    void roomIsGivenBackAtOnceWhereLittleIsMissed() {
        for (int i = 0; i < 5; i++) {
            take(PACKETS);
            missed += CapturePace.FLOOD * PACKETS;
            assertThat(pace.afterPortion()).isTrue();
            assertThat(pace.whenEmpty()).isTrue();
        }
    }

    @Test
    void ofAFloodOneRingIsTakenAfterTheOtherWithARestBetween() {
        flood();
        for (int rings = 0; rings < 5; rings++) {
            assertThat(pace.afterPortion()).isFalse();
            final long full = now - 400 * RING;
            while (!pace.whenEmpty()) {
                now += 1_000_000;
                missed += 20_000;
            }
            assertThat(now - full).as("ring %d", rings).isBetween(RING * BYTES * CapturePace.NANOS_EACH,
                RING * BYTES * CapturePace.NANOS_EACH + CapturePace.LOOK_NANOS + 2_000_000);
            take(RING);
            missed += 10 * RING;
        }
    }

    @Test
    void theRestEndsSoonAfterTheFlood() {
        flood();
        final long end = now;
        while (!pace.whenEmpty()) {
            now += 1_000_000;
            missed += 100;
        }
        assertThat(now - end).isLessThanOrEqualTo(2 * CapturePace.LOOK_NANOS);
        take(PACKETS);
        assertThat(pace.afterPortion()).as("it is over").isTrue();
    }

    @Test
    void aReaderThatIsSlowByItselfDoesNotRest() {
        flood();
        // Whoever reads its output holds it up.
        now += 10 * RING * BYTES * CapturePace.NANOS_EACH;
        missed += 100 * RING;
        assertThat(pace.whenEmpty()).isTrue();
    }
}
