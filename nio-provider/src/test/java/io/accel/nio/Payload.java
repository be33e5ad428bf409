package io.accel.nio;

import java.nio.ByteBuffer;

/** Payloads that can be told whole from torn: a number, and bytes that follow from it. */
final class Payload {
    private static final int SMALLEST = 8;

    private Payload() {
    }

    static int length(int number) {
        return SMALLEST + Math.floorMod(number * 31, 900);
    }

    /** Fills what remains, from the start, and rewinds. */
    static ByteBuffer fill(ByteBuffer buffer, int number) {
        buffer.putInt(0, number);
        for (int i = 4; i < buffer.limit(); i++) {
            buffer.put(i, (byte) (number + i * 7));
        }
        return buffer;
    }

    /** @return the number; fails when a byte is not what it must be */
    static int check(ByteBuffer flipped) {
        final int number = flipped.getInt(0);
        if (flipped.limit() != length(number)) {
            throw new AssertionError(number + " has " + flipped.limit() + " bytes");
        }
        for (int i = 4; i < flipped.limit(); i++) {
            if (flipped.get(i) != (byte) (number + i * 7)) {
                throw new AssertionError(number + " is wrong at " + i);
            }
        }
        return number;
    }
}
