package io.accel.tools.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Writes maps, lists, texts, numbers and truth values as JSON (RFC 8259), numbers of a list in one line, and reads numbers out of one flat
 * line of it.
 */
public final class Json {
    private Json() {
    }

    /** An indented document. */
    public static String write(Object value) {
        final StringBuilder text = new StringBuilder();
        write(value, text, "\n");
        return text.append('\n').toString();
    }

    private static void write(Object value, StringBuilder to, String line) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (final Map.Entry<?, ?> entry : map.entrySet()) {
                to.append(separator).append(line).append("  ");
                quote(String.valueOf(entry.getKey()), to);
                to.append(": ");
                write(entry.getValue(), to, line + "  ");
                separator = ",";
            }
            to.append(map.isEmpty() ? "{}" : line + "}");
        } else if (value instanceof Iterable<?> list
            && StreamSupport.stream(list.spliterator(), false).allMatch(Number.class::isInstance)) {
            String separator = "[";
            for (final Object number : list) {
                to.append(separator);
                write(number, to, line);
                separator = ", ";
            }
            to.append(separator.equals("[") ? "[]" : "]");
        } else if (value instanceof Iterable<?> list) {
            String separator = "[";
            for (final Object element : list) {
                to.append(separator).append(line).append("  ");
                write(element, to, line + "  ");
                separator = ",";
            }
            to.append(separator.equals("[") ? "[]" : line + "]");
        } else if (value instanceof Double number) {
            to.append(Double.isFinite(number) ? String.format(Locale.ROOT, "%.6g", number) : "null");
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            to.append(value);
        } else {
            quote(value.toString(), to);
        }
    }

    private static void quote(String value, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                default -> {
                    if (c < ' ') {
                        to.append(String.format("\\u%04x", (int) c));
                    } else {
                        to.append(c);
                    }
                }
            }
        }
        to.append('"');
    }

    /** The whole numbers in the array under a name in one flat object; fails when it is not there. */
    public static List<Long> numbers(String object, String name) {
        final Matcher array = Pattern.compile("\"" + Pattern.quote(name) + "\":\\[([-0-9,]*)]").matcher(object);
        if (!array.find()) {
            throw new IllegalArgumentException("no " + name + " in " + object);
        }
        return array.group(1).isEmpty() ? List.of() : Arrays.stream(array.group(1).split(",")).map(Long::valueOf).toList();
    }

    /** The number under a name in one flat object, as the samples print it; fails when it is not there. */
    public static long number(String object, String name) {
        final String key = "\"" + name + "\":";
        final int at = object.indexOf(key);
        if (at < 0) {
            throw new IllegalArgumentException("no " + name + " in " + object);
        }
        int end = at + key.length();
        final int start = end;
        while (end < object.length() && (object.charAt(end) == '-' || Character.isDigit(object.charAt(end)))) {
            end++;
        }
        return Long.parseLong(object.substring(start, end));
    }
}
