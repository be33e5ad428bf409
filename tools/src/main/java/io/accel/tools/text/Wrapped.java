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
        final StringBuilder all = new StringBuilder();
        StringBuilder line = new StringBuilder(" ".repeat(INDENT)).append(heading);
        for (final String word : text.strip().split("\\s+")) {
            if (line.length() + word.length() > COLUMNS && !line.toString().isBlank()) {
                all.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(" ".repeat(start + INDENT));
            }
            line.append(word).append(' ');
        }
        return all.append(line.toString().stripTrailing()).append('\n').toString();
    }
}
