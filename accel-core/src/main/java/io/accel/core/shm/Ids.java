package io.accel.core.shm;

import java.util.HexFormat;

/** Process numbers as file names: 16 hexadecimal digits. */
final class Ids {
    static final int DIGITS = 16;

    private Ids() {
    }

    static String text(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    static boolean isId(String text, int from, int to) {
        if (to - from != DIGITS) {
            return false;
        }
        for (int i = from; i < to; i++) {
            final char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    /** The 16 digits from an index on, which {@link #isId} has accepted. */
    static long parse(String text, int from) {
        return HexFormat.fromHexDigitsToLong(text, from, from + DIGITS);
    }
}
