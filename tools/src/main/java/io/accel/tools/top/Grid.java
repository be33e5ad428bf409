package io.accel.tools.top;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * A table that fits a terminal of any width: where there is too little room, texts are cut to what they need at least, then columns go, the
 * least important first.
 */
final class Grid {
    private static final String CUT = "..";
    private static final int GAP = 2;

    /**
     * A column.
     *
     * @param least   what its texts may be cut to; 0: numbers, which stand to the right and are never cut
     * @param leaving when it goes where there is no room: the highest first; 0: never
     */
    record Column(String head, int least, int leaving) {
    }

    /** A text with its style. */
    record Cell(String text, AttributedStyle style) {
        static Cell of(String text) {
            return new Cell(text, AttributedStyle.DEFAULT);
        }
    }

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    Grid(Column... columns) {
        this.columns = List.of(columns);
        rows.add(this.columns.stream().map(each -> new Cell(each.head(), AttributedStyle.BOLD)).toList());
    }

    void row(Cell... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + columns.size() + " heads");
        }
        rows.add(List.of(cells));
    }

    /** The heads, then the rows, none longer than that. */
    List<AttributedString> lines(int width) {
        final int[] widths = widths(width);
        return rows.stream().map(row -> line(row, widths).columnSubSequence(0, width)).toList();
    }

    /** Of each column, 0 for those that are left out. */
    private int[] widths(int room) {
        final int[] widths = new int[columns.size()];
        for (final List<Cell> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        while (total(widths) > room) {
            final int leaving = leaving(widths);
            if (leastTotal(widths) > room && leaving >= 0) {
                widths[leaving] = 0;
            } else if (!shrink(widths, total(widths) - room)) {
                break;
            }
        }
        return widths;
    }

    private static int total(int[] widths) {
        int total = 0;
        for (final int width : widths) {
            total += width == 0 ? 0 : width + GAP;
        }
        return Math.max(0, total - GAP);
    }

    private int leastTotal(int[] widths) {
        final int[] least = widths.clone();
        for (int i = 0; i < least.length; i++) {
            least[i] = least(i, widths);
        }
        return total(least);
    }

    private int least(int column, int[] widths) {
        final int least = columns.get(column).least();
        return least == 0 ? widths[column] : Math.min(least, widths[column]);
    }

    private int leaving(int[] widths) {
        int found = -1;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > 0 && columns.get(i).leaving() > (found < 0 ? 0 : columns.get(found).leaving())) {
                found = i;
            }
        }
        return found;
    }

    /** Cuts the longest text that may be cut; false: there is none. */
    private boolean shrink(int[] widths, int excess) {
        int longest = -1;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > least(i, widths) && (longest < 0 || widths[i] > widths[longest])) {
                longest = i;
            }
        }
        if (longest < 0) {
            return false;
        }
        int next = least(longest, widths);
        for (int i = 0; i < widths.length; i++) {
            if (i != longest && widths[i] < widths[longest] && widths[i] > least(i, widths)) {
                next = Math.max(next, widths[i]);
            }
        }
        widths[longest] -= Math.min(excess, Math.max(1, widths[longest] - next));
        return true;
    }

    private AttributedString line(List<Cell> row, int[] widths) {
        final AttributedStringBuilder line = new AttributedStringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == 0) {
                continue;
            }
            final Cell cell = row.get(i);
            final String text = cut(cell.text(), widths[i]);
            final String padding = " ".repeat(widths[i] - text.length());
            line.append(line.length() == 0 ? "" : " ".repeat(GAP));
            if (columns.get(i).least() == 0) {
                line.append(padding).styled(cell.style(), text);
            } else {
                line.styled(cell.style(), text).append(padding);
            }
        }
        return line.toAttributedString();
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : width <= CUT.length() ? text.substring(0, width)
            : text.substring(0, width - CUT.length()) + CUT;
    }
}
