package io.accel.tools.selftest;

/** How a step ended. @param words what was found; of a failure, or where it was skipped, what to do */
record Outcome(Kind kind, String words) {
    enum Kind {
        OK, FAILED, SKIPPED
    }

    static Outcome ok(String words) {
        return new Outcome(Kind.OK, words);
    }

    static Outcome failed(String words) {
        return new Outcome(Kind.FAILED, words);
    }

    static Outcome skipped(String words) {
        return new Outcome(Kind.SKIPPED, words);
    }

    boolean isGood() {
        return kind == Kind.OK;
    }
}
