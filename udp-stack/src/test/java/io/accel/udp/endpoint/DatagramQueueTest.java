package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatagramQueueTest {
    private static final int PAYLOAD = 1000;

    private final long payload = Memory.allocateAligned(2048, 64);

    @AfterEach
    void free() {
        Memory.freeAligned(payload);
    }

    private int fill(DatagramQueue queue) {
        int taken = 0;
        while (queue.offer(payload, PAYLOAD, 0x7F000001, 9)) {
            taken++;
        }
        return taken;
    }

    private static int drain(DatagramQueue queue) {
        int found = 0;
        while (queue.peek()) {
            assertThat(queue.length()).isEqualTo(PAYLOAD);
            queue.consume();
            found++;
        }
        return found;
    }

    @Test
    void theBoundIsOfBytesWhateverTheRingsSize() {
        for (final int bound : new int[] {2304, 10_000, 32_768, 212_992, 1_000_000}) {
            try (DatagramQueue queue = new DatagramQueue(bound)) {
                for (int round = 0; round < 50; round++) {
                    final int taken = fill(queue);
                    // What the end of the ring wastes counts as well, at most one record.
                    assertThat(taken).as("bound %d", bound).isBetween(bound / (PAYLOAD + 32), bound / PAYLOAD + 1);
                    assertThat(drain(queue)).isEqualTo(taken);
                }
            }
        }
    }

    @Test
    void oneIsTakenHoweverSmallTheBound() {
        try (DatagramQueue queue = new DatagramQueue(0)) {
            for (int i = 0; i < 100; i++) {
                assertThat(queue.offer(payload, 2000, 0x7F000001, 9)).isTrue();
                assertThat(queue.offer(payload, 1, 0x7F000001, 9)).isFalse();
                assertThat(queue.peek()).isTrue();
                queue.consume();
            }
        }
    }

    @Test
    void aSmallerBoundCountsForWhatComesLater() {
        try (DatagramQueue queue = new DatagramQueue(100_000)) {
            final int taken = fill(queue);
            assertThat(queue.bound(10_000)).isTrue();
            assertThat(queue.offer(payload, PAYLOAD, 0, 9)).isFalse();
            assertThat(drain(queue)).isEqualTo(taken);
            assertThat(fill(queue)).isBetween(9, 11);
            assertThat(queue.bound(100_000)).isTrue();
            assertThat(queue.bound(10_000_000)).as("another ring is needed").isFalse();
        }
    }
}
