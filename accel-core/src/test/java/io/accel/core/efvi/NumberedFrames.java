package io.accel.core.efvi;

import io.accel.core.memory.Memory;

/** Frames that say which they are, and in each byte where it belongs, as the simulated NIC makes and checks them. */
final class NumberedFrames {
    static final int SHORTEST = 60;
    private static final int NUMBER_AT = 14;
    private static final int LENGTH_AT = 22;
    private static final int FILL_AT = 26;

    private NumberedFrames() {
    }

    private static byte fill(long number, int at) {
        return (byte) (number * 31 + at * 7L);
    }

    /** Writes {@code count} bytes of a frame from {@code from} on, of {@code length} in all; the first part has 60 at least. */
    static void write(long at, long number, int length, int from, int count) {
        if (from == 0) {
            Memory.fill(at, NUMBER_AT, (byte) 0);
            Memory.putLong(at + NUMBER_AT, number);
            Memory.putInt(at + LENGTH_AT, length);
        }
        for (int i = Math.max(from, FILL_AT); i < from + count; i++) {
            Memory.putByte(at + i - from, fill(number, i));
        }
    }

    static long number(long frame) {
        return Memory.getLong(frame + NUMBER_AT);
    }

    /** Whether it is whole and right. */
    static boolean isRight(long frame, int length) {
        final long number = number(frame);
        boolean right = Memory.getInt(frame + LENGTH_AT) == length;
        for (int i = FILL_AT; i < length && right; i++) {
            right = Memory.getByte(frame + i) == fill(number, i);
        }
        return right;
    }
}
