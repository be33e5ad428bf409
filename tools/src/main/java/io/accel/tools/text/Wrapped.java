package io.accel.tools.text;

/** Text broken at spaces, under a heading that further lines are indented below. */
public final class Wrapped {
    /** What a line is to fit in. */
    public static final int COLUMNS = 100;
    private static final int INDENT = 2;

    private Wrapped() {
    }

    /**
     * Lines, each ended, indented as tables are; a word that fits nowhere has a line of its own.
     *
     * @param heading with what is to be between it and the text
     */
    public static String lines(String heading, String text) {
        final int start = INDENT + heading.length() - heading.stripLeading().length();
        return under(" ".repeat(INDENT) + heading, text, start + INDENT);
    }

    /** Lines, each ended: the first begins with this, and further ones are indented. */
    public static String under(String start, String text, int indent) {
        final StringBuilder all = new StringBuilder();
        final StringBuilder line = new StringBuilder(start);
        boolean fresh = true;
        for (final String word : text.strip().split("\\s+")) {
            if (line.length() + (fresh ? 0 : 1) + word.length() > COLUMNS && !line.toString().isBlank()) {
                all.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(" ".repeat(indent));
                fresh = true;
            }
            line.append(fresh ? "" : " ").append(word);
            fresh = false;
        }
        return all.append(line.toString().stripTrailing()).append('\n').toString();
    }
}
