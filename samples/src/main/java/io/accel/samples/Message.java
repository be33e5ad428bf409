package io.accel.samples;

import java.nio.ByteBuffer;

/**
 * The payload that the samples exchange: a sequence number, a second word, then a pattern made from the sequence number, all big-endian.
 * The pattern lets a receiver prove that the bytes are those of that very message.
 */
final class Message {
    /** The shortest message: both words. */
    static final int MIN_BYTES = 16;
    /** What UDP over IPv4 carries at most. */
    static final int MAX_BYTES = 65507;
    /** The sequence number of the last message; its second word says how many messages were sent before it. */
    static final long FIN = -1;
    /** The sequence number of a message that only asks whether somebody is there. */
    static final long HELLO = -2;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Message() {
    }

    static ByteBuffer buffer(boolean heap, int bytes) {
        return heap ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    }

    /** Writes a whole message of the given size at 0 and readies the buffer for sending. */
    static void write(ByteBuffer to, long sequence, long word, int bytes) {
        to.clear().limit(bytes);
        to.putLong(0, sequence);
        to.putLong(8, word);
        int at = MIN_BYTES;
        for (; at + 8 <= bytes; at += 8) {
            to.putLong(at, pattern(sequence, at));
        }
        for (; at < bytes; at++) {
            to.put(at, (byte) pattern(sequence, at));
        }
    }

    static long sequence(ByteBuffer message) {
        return message.getLong(0);
    }

    static long word(ByteBuffer message) {
        return message.getLong(8);
    }

    /** Whether the message received at 0..bytes is what {@link #write} wrote, for its own sequence number. */
    static boolean isIntact(ByteBuffer message, int bytes, int expectedBytes) {
        if (bytes != expectedBytes) {
            return false;
        }
        final long sequence = sequence(message);
        int at = MIN_BYTES;
        for (; at + 8 <= bytes; at += 8) {
            if (message.getLong(at) != pattern(sequence, at)) {
                return false;
            }
        }
        for (; at < bytes; at++) {
            if (message.get(at) != (byte) pattern(sequence, at)) {
                return false;
            }
        }
        return true;
    }

    private static long pattern(long sequence, int at) {
        return (sequence + at) * GOLDEN;
    }
}
