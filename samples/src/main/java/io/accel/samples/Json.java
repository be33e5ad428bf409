package io.accel.samples;

import java.util.Arrays;

/** One flat JSON object on one line. */
final class Json {
    private final StringBuilder text = new StringBuilder("{");

    Json put(String name, String value) {
        key(name).append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        return this;
    }

    Json put(String name, long value) {
        key(name).append(value);
        return this;
    }

    Json put(String name, long[] values) {
        key(name).append(Arrays.toString(values).replace(" ", ""));
        return this;
    }

    private StringBuilder key(String name) {
        return text.append(text.length() > 1 ? "," : "").append('"').append(name).append("\":");
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
