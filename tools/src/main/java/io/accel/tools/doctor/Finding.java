package io.accel.tools.doctor;

/**
 * What a check saw.
 *
 * @param check   what was looked at, a word or two
 * @param subject the interface it is about, or ""
 * @param seen    what was found
 * @param remedy  a command, or what else mends it; never empty but for {@link Status#OK}
 */
record Finding(String check, String subject, Status status, String seen, String remedy) {
    Finding {
        if (status != Status.OK && remedy.isBlank()) {
            throw new IllegalArgumentException(check + ": " + status + " without a remedy");
        }
    }

    static Finding ok(String check, String subject, String seen) {
        return new Finding(check, subject, Status.OK, seen, "");
    }

    static Finding warn(String check, String subject, String seen, String remedy) {
        return new Finding(check, subject, Status.WARN, seen, remedy);
    }

    static Finding fail(String check, String subject, String seen, String remedy) {
        return new Finding(check, subject, Status.FAIL, seen, remedy);
    }

    static Finding unseen(String check, String subject, String why, String remedy) {
        return new Finding(check, subject, Status.UNSEEN, why, remedy);
    }
}
