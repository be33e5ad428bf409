package io.accel.tools.text;

import java.util.ArrayList;
import java.util.List;

/** A table for a terminal: the first column to the left, the others to the right, as wide as their longest cell. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /** With the heads of the columns. */
    public TextTable(String... heads) {
        rows.add(List.of(heads));
    }

    /** Adds a row with as many cells as there are heads. */
    public TextTable row(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + rows.get(0).size() + " heads");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** All columns to the left, the last one broken at spaces where a line would not fit in {@link Wrapped#COLUMNS}. */
    public String leftAligned() {
        final int last = rows.get(0).size() - 1;
        final int[] widths = widths();
        final StringBuilder text = new StringBuilder();
        for (final List<String> row : rows) {
            final StringBuilder start = new StringBuilder("  ");
            for (int i = 0; i < last; i++) {
                start.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            final int indent = Math.min(start.length(), Wrapped.COLUMNS / 2);
            text.append(Wrapped.under(start.toString(), row.get(last), indent));
        }
        return text.toString();
    }

    private int[] widths() {
        final int[] widths = new int[rows.get(0).size()];
        for (final List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    /** Lines without trailing spaces, each ended; every one is indented by two. */
    @Override
    public String toString() {
        final int columns = rows.get(0).size();
        final int[] widths = widths();
        final StringBuilder text = new StringBuilder();
        for (final List<String> row : rows) {
            final StringBuilder line = new StringBuilder("  ").append(row.get(0)).append(" ".repeat(widths[0] - row.get(0).length()));
            for (int i = 1; i < columns; i++) {
                line.append("  ").append(" ".repeat(widths[i] - row.get(i).length())).append(row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
