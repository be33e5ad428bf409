package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatagramQueueTest {
    private static final int PAYLOAD = 1000;
    private static final int LONGEST = 700;
    private static final int CLOCK = 5;

    private final long payload = Memory.allocateAligned(2048, 64);

    /** @param nanos 0: without a timestamp */
    private record Datagram(int length, byte pattern, long high, long low, long scopedPort, long nanos) {
    }

    @AfterEach
    void free() {
        Memory.freeAligned(payload);
    }

    private int fill(DatagramQueue queue) {
        int taken = 0;
        while (queue.offer(payload, PAYLOAD, 0, 0x7F000001, 9, null)) {
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
                    assertThat(taken).as("bound %d", bound).isBetween(bound / (PAYLOAD + 64), bound / PAYLOAD + 1);
                    assertThat(drain(queue)).isEqualTo(taken);
                }
            }
        }
    }

    @Test
    void oneIsTakenHoweverSmallTheBound() {
        try (DatagramQueue queue = new DatagramQueue(0)) {
            for (int i = 0; i < 100; i++) {
                assertThat(queue.offer(payload, 2000, 0, 0x7F000001, 9, null)).isTrue();
                assertThat(queue.offer(payload, 1, 0, 0x7F000001, 9, null)).isFalse();
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
            assertThat(queue.offer(payload, PAYLOAD, 0, 0, 9, null)).isFalse();
            assertThat(drain(queue)).isEqualTo(taken);
            assertThat(fill(queue)).isBetween(9, 11);
            assertThat(queue.bound(100_000)).isTrue();
            assertThat(queue.bound(10_000_000)).as("another ring is needed").isFalse();
        }
    }

    /** Whatever was offered comes out in order and whole, around the end of the ring too, and nothing else does. */
    @Test
    void isAQueueWithWholeSources() {
        final Random random = new Random(20_261_121);
        final Deque<Datagram> expected = new ArrayDeque<>();
        int refused = 0;
        try (DatagramQueue queue = new DatagramQueue(4096)) {
            for (int i = 0; i < 200_000; i++) {
                if (random.nextInt(100) < 55) {
                    final int length = random.nextInt(LONGEST + 1);
                    final Datagram next = new Datagram(length, length == 0 ? 0 : (byte) i, random.nextLong(), random.nextLong(),
                        random.nextLong() >>> 16, random.nextInt(3) == 0 ? 0 : random.nextLong());
                    Memory.fill(payload, LONGEST, next.pattern);
                    if (queue.offer(payload, next.length, next.high, next.low, next.scopedPort, arrival(next.nanos, i))) {
                        expected.add(next);
                    } else {
                        refused++;
                        assertThat(expected).as("refused only when there is something").isNotEmpty();
                    }
                } else {
                    assertThat(queue.isEmpty()).isEqualTo(expected.isEmpty());
                    assertThat(queue.peek()).isEqualTo(!expected.isEmpty());
                    if (!expected.isEmpty()) {
                        assertThat(taken(queue)).isEqualTo(expected.remove());
                    }
                }
            }
        }
        assertThat(refused).as("it was full now and then").isPositive();
    }

    private static ArrivalTime arrival(long nanos, int salt) {
        if (nanos == 0 && salt % 2 == 0) {
            return null;
        }
        final ArrivalTime arrival = new ArrivalTime();
        arrival.set(nanos, nanos == 0 ? 0 : CLOCK);
        return arrival;
    }

    private static Datagram taken(DatagramQueue queue) {
        final int length = queue.length();
        final byte pattern = length == 0 ? 0 : Memory.getByte(queue.payload());
        for (int i = 0; i < length; i++) {
            if (Memory.getByte(queue.payload() + i) != pattern) {
                throw new AssertionError("byte " + i + " of " + length);
            }
        }
        final ArrivalTime arrival = new ArrivalTime();
        arrival.set(1, CLOCK);
        queue.arrival(arrival);
        assertThat(arrival.clock()).isIn(0, CLOCK);
        final Datagram datagram = new Datagram(length, pattern, queue.high(), queue.low(), queue.scopedPort(),
            arrival.isPresent() ? arrival.nanos() : 0);
        queue.consume();
        return datagram;
    }
}
