package io.accel.core.efvi;

/** A native call that does nothing, in the no-op libciul's library. */
final class EmptyCall {
    private EmptyCall() {
    }

    /** Takes what {@link EfviNative#poll} takes, and answers the limit. */
    static native int call(long receive, long records, int limit, int givenBack);
}
