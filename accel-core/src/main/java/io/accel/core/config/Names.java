package io.accel.core.config;

import java.util.Collection;

/** Which known name a mistyped one is nearest to. */
public final class Names {
    private Names() {
    }

    /** The nearest by edit distance, or null when none is near: more than a third of the letters would have to change. */
    public static String nearest(String name, Collection<String> known) {
        String best = null;
        int least = Math.max(1, name.length() / 3) + 1;
        for (final String candidate : known) {
            final int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** A question to follow a complaint, or nothing where no name is near. */
    public static String suggestion(String name, Collection<String> known) {
        final String nearest = nearest(name, known);
        return nearest == null ? "" : " (did you mean " + nearest + "?)";
    }

    /** Optimal string alignment: letters inserted, deleted, replaced, and swapped with their neighbour. */
    static int distance(String a, String b) {
        final int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            edits[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            edits[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                final int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
