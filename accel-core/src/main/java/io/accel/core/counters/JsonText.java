package io.accel.core.counters;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one JSON document (RFC 8259) after the other into the same bytes, so that one written each second leaves no garbage: ASCII, a
 * line for each object of an array. Names and values are the caller's to put in order; commas come by themselves. Not thread-safe.
 */
public final class JsonText {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 20;

    private byte[] bytes = new byte[4096];
    private int length;
    private boolean separated = true;

    /** Forgets what was written. */
    public JsonText clear() {
        length = 0;
        separated = true;
        return this;
    }

    /** The document is in the first {@link #length} of these; they change with the next. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public JsonText beginObject() {
        separate();
        if (length > 0 && bytes[length - 1] != ':') {
            put('\n');
        }
        return open('{');
    }

    public JsonText endObject() {
        return close('}');
    }

    public JsonText beginArray() {
        separate();
        return open('[');
    }

    public JsonText endArray() {
        return close(']');
    }

    /** Of a member, whose value comes next. */
    public JsonText name(String name) {
        value(name);
        return open(':');
    }

    /** Null is JSON's null. */
    public JsonText value(String text) {
        separate();
        if (text == null) {
            put(NULL);
            return this;
        }
        put('"');
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        put('"');
        return this;
    }

    public JsonText value(long number) {
        separate();
        reserve(DIGITS);
        if (number < 0) {
            put('-');
        }
        final int from = length;
        long rest = number;
        do {
            bytes[length++] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        for (int left = from, right = length - 1; left < right; left++, right--) {
            final byte swapped = bytes[left];
            bytes[left] = bytes[right];
            bytes[right] = swapped;
        }
        return this;
    }

    public JsonText value(boolean truth) {
        separate();
        final String word = truth ? "true" : "false";
        for (int i = 0; i < word.length(); i++) {
            put(word.charAt(i));
        }
        return this;
    }

    /** A value that was written already, as JSON. */
    public JsonText raw(byte[] json) {
        separate();
        put(json);
        return this;
    }

    private JsonText open(char bracket) {
        put(bracket);
        separated = true;
        return this;
    }

    private JsonText close(char bracket) {
        put(bracket);
        separated = false;
        return this;
    }

    /** Before each value: a comma, unless it is the first. */
    private void separate() {
        if (!separated) {
            put(',');
        }
        separated = false;
    }

    private void character(char c) {
        if (c == '"' || c == '\\') {
            put('\\');
            put(c);
        } else if (c >= ' ' && c < 0x7F) {
            put(c);
        } else {
            put('\\');
            put('u');
            for (int shift = 12; shift >= 0; shift -= 4) {
                put((char) HEX[c >> shift & 0xF]);
            }
        }
    }

    private void put(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
    }

    private void put(byte[] ascii) {
        reserve(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
