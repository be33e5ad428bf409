package io.accel.core.shm;

/**
 * That a VI owns a name: an entry of {@code names/NAME}.
 *
 * @param process    number of the process
 * @param vi         number of the VI in it
 * @param generation of the VI, more than 0
 */
record NameEntry(long process, int vi, int generation) {
    /** The entry that a file name stands for, or null when it is none. */
    static NameEntry parse(String file) {
        if (file.length() < Ids.DIGITS + 4 || file.length() > Ids.DIGITS + 24 || file.charAt(Ids.DIGITS) != '.'
            || !Ids.isId(file, 0, Ids.DIGITS)) {
            return null;
        }
        final int dot = file.indexOf('.', Ids.DIGITS + 1);
        if (dot < 0) {
            return null;
        }
        final int vi = number(file, Ids.DIGITS + 1, dot, ControlDescriptor.MAX_VIS - 1);
        final int generation = number(file, dot + 1, file.length(), Integer.MAX_VALUE);
        return vi < 0 || generation < 1 ? null : new NameEntry(Ids.parse(file, 0), vi, generation);
    }

    private static int number(String text, int from, int to, int max) {
        if (to <= from || to - from > 10) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            final char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value > max ? -1 : (int) value;
    }

    String file() {
        return Ids.text(process) + "." + vi + "." + generation;
    }
}
