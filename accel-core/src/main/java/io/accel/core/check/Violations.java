package io.accel.core.check;

/** Makes the error of a broken rule and keeps the first, since the thread that broke it may swallow it. */
final class Violations {
    private AssertionError first;

    AssertionError broken(String rule, Object... arguments) {
        final AssertionError error = new AssertionError("rule broken: " + String.format(rule, arguments));
        synchronized (this) {
            if (first == null) {
                first = error;
            }
        }
        return error;
    }

    synchronized AssertionError first() {
        return first;
    }
}
