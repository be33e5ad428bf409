package io.accel.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void whatWasWrittenIsIntactAtEverySize() {
        for (int bytes = Message.MIN_BYTES; bytes < 100; bytes++) {
            final ByteBuffer message = Message.buffer(bytes % 2 == 0, 100);
            Message.write(message, 1234567 + bytes, 42, bytes);
            assertThat(message.remaining()).isEqualTo(bytes);
            assertThat(Message.sequence(message)).isEqualTo(1234567 + bytes);
            assertThat(Message.word(message)).isEqualTo(42);
            assertThat(Message.isIntact(message, bytes, bytes)).isTrue();
        }
    }

    @Test
    void aChangedBitAnywhereInSequenceOrPatternShows() {
        final int bytes = 61;
        final ByteBuffer message = ByteBuffer.allocate(bytes);
        for (int bit = 0; bit < bytes * 8; bit++) {
            final int at = bit / 8;
            if (at >= 8 && at < Message.MIN_BYTES) {
                continue;
            }
            Message.write(message, 77, 0, bytes);
            message.put(at, (byte) (message.get(at) ^ 1 << bit % 8));
            assertThat(Message.isIntact(message, bytes, bytes)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void anotherLengthIsNotIntact() {
        final ByteBuffer message = ByteBuffer.allocate(64);
        Message.write(message, 1, 0, 64);
        assertThat(Message.isIntact(message, 63, 64)).isFalse();
    }
}
